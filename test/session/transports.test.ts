import { describe, expect, it, vi } from 'vitest';
import { TransportError } from '../../src/errors.js';
import { connect } from '../../src/session/connect.js';
import { virtualClock } from '../../src/simulator/clock.js';
import type { Ears } from '../../types/index.js';
import { faultsOf, isSettled, ServerByHand, settles, type Frame } from './by-hand.js';

describe('a transport that answers inside send()', () => {
  let count = 0;
  /** Answers everything at once, as a server in the same process may. */
  const answers = ({ type, response }: Frame, server: ServerByHand): void => {
    if (type === 'session.update') server.confirms();
    if (type !== 'response.create') return;
    const id = `resp_${++count}`;
    server.says({ type: 'response.created', response: { id, metadata: response.metadata } });
    server.completes(id);
  };

  it('gets configured', async () => {
    const session = await new ServerByHand({ answers }).opened();
    expect(session.state.configuration).toBe('confirmed');
  });

  it('has its answer read after the call that it answers: the verdict is as with any other', async () => {
    const server = new ServerByHand({ answers });
    const session = await server.opened();
    const seen: string[] = [];
    session.on('verdict', () => seen.push('verdict'));
    session.on('event', ({ type }) => seen.push(type));
    const verdict = session.respond('greeting');
    expect(verdict.kind).toBe('admit');
    expect(seen).toEqual(['verdict', 'response.created', 'response.done']);
    expect(await verdict.done).toMatchObject({ status: 'completed', text: 'Yes.' });
    expect(session.state.shut).toEqual([]);
  });

  it('is answered in turn by what waited, one create for each', async () => {
    const server = new ServerByHand({ answers });
    const session = await server.opened();
    session.userTurn('begins');
    const outcomes = ['one', 'two'].map((purpose) => session.respond(purpose).done);
    session.userTurn('ends');
    expect((await Promise.all(outcomes)).map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it('that closes inside send() ends the session, and breaks no call', async () => {
    const closes = ({ type }: Frame, server: ServerByHand): void => {
      if (type === 'session.update') server.confirms();
      if (type === 'response.create') server.ends(1006);
    };
    const session = await new ServerByHand({ answers: closes }).opened();
    const verdict = session.respond('greeting');
    expect(verdict.kind).toBe('admit');
    expect(await verdict.done).toMatchObject({ status: 'lost' });
    expect(await session.closed).toMatchObject({ kind: 'lost' });
  });
});

describe('a transport whose close() never ends', () => {
  it('is given up after five seconds: close() resolves', async () => {
    const server = new ServerByHand({ closes: 'never' });
    const session = await server.opened();
    const closing = session.close();
    server.clock.advance(4_900);
    expect(await isSettled(closing)).toBe(false);
    server.clock.advance(200);
    expect(await isSettled(closing)).toBe(true);
    expect(await session.closed).toEqual({ kind: 'closed' });
    expect(server.clock.pending).toBe(0);
  });

  it('is given up after a hang-up too, which says how the call ended', async () => {
    const server = new ServerByHand({ closes: 'never' });
    const session = await server.opened();
    const ended = session.hangup();
    server.clock.advance(5_100);
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  it('does not keep a pending hang-up from ending the carrier’s leg at once', async () => {
    const hangUp = vi.fn(() => Promise.resolve());
    const session = await new ServerByHand({ closes: 'never' }).opened({ hangUp });
    void session.hangup({ farewell: { instructions: 'Bye.' } });
    void session.close();
    await settles();
    expect(hangUp.mock.calls).toEqual([['asked']]);
    expect(session.state.connection).toBe('closing');
  });

  it('is not listened to any more once it has been given up', async () => {
    const server = new ServerByHand({ closes: 'never' });
    const session = await server.opened();
    const seen: unknown[] = [];
    session.on('event', (event) => seen.push(event));
    const faults = faultsOf(session);
    void session.close();
    server.clock.advance(5_100);
    server.says({ type: 'late' }, { type: 'error', error: { code: 'late' } });
    server.saysText('{');
    server.ends(1006);
    await settles();
    expect([seen, faults, await session.closed]).toEqual([[], [], { kind: 'closed' }]);
  });
});

describe('a transport that throws', () => {
  it('from send() loses the frame, which is counted and a fault', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults: Error[] = [];
    session.on('fault', (fault) => faults.push(fault));
    server.failure = new Error('The channel is closing.');
    expect(session.respond('greeting').kind).toBe('admit');
    expect(faults).toEqual([expect.any(TransportError)]);
    expect(session.state.dropped).toBe(1);
  });

  it('from close() or ping() is a fault, and the session still ends', async () => {
    const clock = virtualClock();
    const thrown = (): never => {
      throw new Error('Not any more.');
    };
    const heard: Ears[] = [];
    const transport = {
      open: (ears: Ears) => {
        heard.push(ears);
        ears.frame(JSON.stringify({ type: 'session.created', session: {} }));
        return Promise.resolve({ send: () => undefined, close: thrown, ping: thrown });
      },
    };
    const unconfirmed = await connect({ transport, clock });
    const configuring = unconfirmed.configure({});
    heard[0]?.frame(JSON.stringify({ type: 'session.updated', session: {} }));
    const session = await configuring;
    const faults = faultsOf(session);
    clock.advance(46_000);
    const closing = session.close();
    clock.advance(5_100);
    await closing;
    expect(faults).toEqual(Array(faults.length).fill('The line did not do what it was told.'));
    expect(faults.length).toBeGreaterThan(0);
  });

  it('from open() has refused to connect', async () => {
    const open = (): never => {
      throw new Error('No socket.');
    };
    await expect(connect({ transport: { open }, clock: virtualClock() })).rejects.toThrow('No socket.');
  });
});
