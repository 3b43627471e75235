import { describe, expect, it } from 'vitest';
import { faultsOf, isSettled, ServerByHand } from './by-hand.js';

const note = (number: number) => ({ type: 'note', number });

describe('a loop over events() that was left', () => {
  it.each<[string, (events: AsyncIterableIterator<unknown>) => Promise<unknown>]>([
    [
      'by break',
      async (events) => {
        for await (const _ of events) break;
      },
    ],
    [
      'by a throw',
      async (events) => {
        for await (const _ of events) throw new Error('mine');
      },
    ],
    ['by return()', async (events) => events.return?.()],
  ])('is over, and keeps nothing that comes after: %s', async (_, leave) => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults = faultsOf(session);
    const events = session.events({ buffer: 2 });
    server.says(note(1));
    await leave(events).catch(() => undefined);
    server.says(note(2), note(3), note(4), note(5));
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect([faults, session.state.connection]).toEqual([[], 'open']);
  });

  it('while it waits ends the wait', async () => {
    const session = await new ServerByHand().opened();
    const events = session.events();
    const next = events.next();
    expect(await isSettled(next)).toBe(false);
    await events.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('leaves the other loops alone', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const [left, kept] = [session.events(), session.events()];
    await left.return?.();
    server.says(note(1));
    expect(await kept.next()).toEqual({ done: false, value: note(1) });
  });
});

describe('a loop that nobody reads', () => {
  it('does not keep the session from its end', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.events({ buffer: 2 });
    server.says(note(1), note(2), note(3));
    await session.close();
    expect(session.state.connection).toBe('closed');
  });

  it('that begins after the end is over at once', async () => {
    const session = await new ServerByHand().opened();
    await session.close();
    expect(await session.events().next()).toEqual({ done: true, value: undefined });
  });
});
