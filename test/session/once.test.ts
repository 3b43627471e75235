import { describe, expect, it } from 'vitest';
import { MisuseError, TransportError } from '../../src/errors.js';
import { faultsOf, isSettled, rejection, ServerByHand, settles } from './by-hand.js';

const key = (event: string) => ({ type: 'input_audio_buffer.dtmf_event_received', event, received_at: 1 });
const DTMF = 'input_audio_buffer.dtmf_event_received';

describe('once()', () => {
  it('resolves with the next event of this name, and with no later one', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    server.says(key('0'));
    const next = session.once(DTMF);
    server.says({ type: 'note' }, key('1'), key('2'));
    expect(await next).toEqual(key('1'));
  });

  it('waits for the one that is meant', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const next = session.once(DTMF, { where: ({ event }) => event === '#' });
    server.says(key('1'), key('2'));
    expect(await isSettled(next)).toBe(false);
    server.says(key('#'));
    expect(await next).toEqual(key('#'));
  });

  it('resolves with events of the session’s own too', async () => {
    const session = await new ServerByHand().opened();
    const next = session.once('verdict', { where: ({ verdict }) => verdict === 'refuse' });
    session.respond('greeting');
    session.respond('nudge', { whenBlocked: 'refuse' });
    expect(await next).toMatchObject({ purpose: 'nudge', by: 'response-active' });
  });

  it('rejects with the reason of its signal', async () => {
    const session = await new ServerByHand().opened();
    const abort = new AbortController();
    const next = session.once(DTMF, { signal: abort.signal });
    const reason = new Error('No key was pressed.');
    abort.abort(reason);
    expect(await rejection(next)).toBe(reason);
  });

  it('rejects at once where its signal was aborted before', async () => {
    const session = await new ServerByHand().opened();
    const reason = new Error('Too late.');
    expect(await rejection(session.once(DTMF, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it.each<[string, (server: ServerByHand) => void]>([
    ['lost', (server) => server.ends(1006)],
    ['closed', (server) => server.ends(1000)],
  ])('rejects with a TransportError where the session ends first: %s', async (_, ends) => {
    const server = new ServerByHand();
    const session = await server.opened();
    const next = session.once(DTMF);
    ends(server);
    expect(await rejection(next)).toBeInstanceOf(TransportError);
  });

  it('rejects where the session has ended already', async () => {
    const session = await new ServerByHand().opened();
    await session.close();
    expect(await rejection(session.once(DTMF))).toBeInstanceOf(TransportError);
  });

  it('may be left unawaited: that it rejects goes unnoticed', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const session = await new ServerByHand().opened();
    void session.once(DTMF);
    void session.once(DTMF, { signal: AbortSignal.abort(new Error('Too late.')) });
    await session.close();
    await settles();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it.each<[string, (server: ServerByHand, abort: AbortController) => unknown]>([
    ['it has resolved', (server) => server.says(key('1'))],
    ['it was aborted', (_, abort) => abort.abort()],
    ['the session has ended', (server) => server.ends(1006)],
  ])('leaves no listener behind once %s', async (_, happens) => {
    const server = new ServerByHand();
    const session = await server.opened();
    const abort = new AbortController();
    const counted = countListeners(abort.signal);
    let asked = 0;
    const next = session.once(DTMF, { signal: abort.signal, where: () => ++asked > 0 });
    happens(server, abort);
    await next.catch(() => undefined);
    const before = asked;
    server.says(key('2'));
    expect([asked - before, counted()]).toEqual([0, 0]);
  });

  it('rejects with what where() throws, and listens no longer', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults = faultsOf(session);
    const mine = new Error('mine');
    let asked = 0;
    const where = (): boolean => {
      asked++;
      throw mine;
    };
    const next = session.once(DTMF, { where });
    server.says(key('1'), key('2'));
    expect([await rejection(next), asked, faults]).toEqual([mine, 1, []]);
  });

  it.each<[string, readonly unknown[]]>([
    ['no name', [undefined]],
    ['options that are none', [DTMF, null]],
    ['a where that is no function', [DTMF, { where: 'now' }]],
    ['an option that does not exist', [DTMF, { timeoutMs: 5 }]],
  ])('throws MisuseError for %s', async (_, given) => {
    const session = await new ServerByHand().opened();
    const once = session.once as (...args: readonly unknown[]) => Promise<unknown>;
    expect(() => once(...given)).toThrow(MisuseError);
  });
});

/** Counts the listeners of a signal. */
function countListeners(signal: AbortSignal): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: readonly unknown[]): void => {
    count++;
    Reflect.apply(addEventListener, signal, args);
  };
  signal.removeEventListener = (...args: readonly unknown[]): void => {
    count--;
    Reflect.apply(removeEventListener, signal, args);
  };
  // A `once` listener is gone after it was called, but the session removes it as well.
  return () => count;
}
