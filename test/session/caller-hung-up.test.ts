import { describe, expect, it, vi } from 'vitest';
import { faultsOf, ServerByHand, settles } from './by-hand.js';

async function sideband(recovery = {}) {
  const hangUp = vi.fn(() => Promise.resolve());
  const server = new ServerByHand({ kind: 'sideband' });
  const session = await server.opened({ hangUp, recovery });
  return { server, session, hangUp, faults: faultsOf(session) };
}

describe('a sideband that the server closes in good order', () => {
  it.each([1000, 1005])('is a caller who hung up: no fault, and no hang-up of ours, by code %s', async (code) => {
    const { server, session, hangUp, faults } = await sideband();
    server.ends(code);
    expect(await session.closed).toEqual({ kind: 'caller-hung-up' });
    await settles();
    expect([hangUp.mock.calls, faults]).toEqual([[], []]);
  });

  it('is one during a farewell too', async () => {
    const { server, session, hangUp, faults } = await sideband();
    const ended = session.hangup({ farewell: { instructions: 'Bye.' } });
    server.creates('resp_1');
    server.ends(1000);
    expect(await ended).toEqual({ kind: 'caller-hung-up' });
    await session.hangup();
    await settles();
    expect([hangUp.mock.calls, faults]).toEqual([[], []]);
  });

  it('settles what was under way', async () => {
    const { server, session } = await sideband();
    const { done } = session.respond('greeting');
    server.creates('resp_1');
    server.ends(1000);
    expect(await done).toMatchObject({ status: 'lost' });
  });
});

describe('a sideband that ends in any other way', () => {
  it.each([1006, 1011, 4000, null])('is lost, by code %s', async (code) => {
    const { server, session } = await sideband();
    server.ends(code);
    expect(await session.closed).toMatchObject({ kind: 'lost', code });
  });

  it('while our own hang-up ends the leg is that hang-up', async () => {
    const server = new ServerByHand({ kind: 'sideband' });
    const hangUp = () => Promise.resolve(server.ends(1000));
    const session = await server.opened({ hangUp });
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none' });
  });
});

it('a connection of the session’s own that is closed in good order is lost: nobody asked for it', async () => {
  const server = new ServerByHand();
  const session = await server.opened();
  server.ends(1000, 'OK');
  expect(await session.closed).toEqual({ kind: 'lost', code: 1000, reason: 'OK' });
});
