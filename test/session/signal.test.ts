import { describe, expect, it } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { ServerByHand, settles } from './by-hand.js';

describe('respond({ signal })', () => {
  it('withdraws a request that waits', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.respond('greeting');
    const abort = new AbortController();
    const verdict = session.respond('nudge', { signal: abort.signal });
    abort.abort();
    expect(await verdict.done).toMatchObject({ status: 'unsent', by: 'withdrawn' });
    expect(session.state.held).toEqual([]);
  });

  it('cancels a response that exists, by its id', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const abort = new AbortController();
    session.respond('greeting', { signal: abort.signal });
    server.creates('resp_1');
    abort.abort();
    expect(server.last('response.cancel')).toMatchObject({ response_id: 'resp_1' });
  });

  it('cancels a response that was only asked for as soon as it is created', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const abort = new AbortController();
    session.respond('greeting', { signal: abort.signal });
    abort.abort();
    expect(server.types()).toEqual(['response.create']);
    server.creates('resp_1');
    expect(server.last('response.cancel')).toMatchObject({ response_id: 'resp_1' });
  });

  it('that was aborted before refuses at once, and sends nothing', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const verdict = session.respond('greeting', { signal: AbortSignal.abort() });
    expect(verdict).toMatchObject({ kind: 'refuse', by: 'withdrawn' });
    expect(await verdict.done).toMatchObject({ status: 'unsent', by: 'withdrawn' });
    expect(server.written).toEqual([]);
  });

  it('lets go of the signal once the response has ended: it cancels no later response', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const abort = new AbortController();
    let taken = 0;
    const { removeEventListener } = abort.signal;
    abort.signal.removeEventListener = (...args: readonly unknown[]): void => {
      taken++;
      Reflect.apply(removeEventListener, abort.signal, args);
    };
    session.respond('greeting', { signal: abort.signal });
    server.creates('resp_1');
    server.completes('resp_1');
    await settles();
    session.respond('nudge');
    server.creates('resp_2');
    abort.abort();
    expect([taken, server.types()]).toEqual([1, ['response.create', 'response.create']]);
  });

  it.each(['now', null, {}])('throws MisuseError for a signal that is none: %o', async (signal) => {
    const server = new ServerByHand();
    const session = await server.opened();
    expect(() => session.respond('greeting', { signal } as never)).toThrow(MisuseError);
    expect(server.written).toEqual([]);
  });
});
