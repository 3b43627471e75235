import { describe, expect, it } from 'vitest';
import { ConnectError } from '../../src/errors.js';
import { connect } from '../../src/session/connect.js';
import { createSimulator } from '../../src/simulator/index.js';
import type { Refusal } from '../../src/simulator/server/faults.js';
import type { Ears, Line } from '../../types/index.js';
import { isSettled, rejection, ServerByHand } from './by-hand.js';

describe('connect()', () => {
  it.each<[Refusal, string, RegExp]>([
    ['invalid_api_key', 'invalid_api_key', /Check the API key/],
    ['insufficient_permissions', 'insufficient_permissions', /access to the Realtime API/],
    ['missing_model', 'missing_model', /Name a model/],
    ['invalid_model', 'invalid_model', /realtime model/],
    ['beta_api_shape_disabled', 'beta_api_shape_disabled', /OpenAI-Beta/],
    ['insufficient_quota', 'insufficient_quota', /billing/],
    [3000, 'invalid_api_key', /API key/],
    [4000, 'invalid_model', /model/],
  ])('is refused inside the socket (%s): by code, with what to do', async (refusal, code, advice) => {
    const { transport, clock } = createSimulator({ faults: { refusal } });
    const error = await rejection(connect({ transport, clock }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error.failure).toMatchObject({ kind: 'refused', code, status: null });
    expect(error.message).toMatch(advice);
  });

  it.each<[Refusal, number]>([
    ['http401', 401],
    ['http403', 403],
    ['http429', 429],
    ['http500', 500],
    ['http503', 503],
  ])('is refused at the upgrade (%s): by status', async (refusal, status) => {
    const { transport, clock } = createSimulator({ faults: { refusal } });
    expect((await rejection(connect({ transport, clock }))).failure).toMatchObject({ kind: 'refused', status });
  });

  it('is refused by a close without a word: by its code', async () => {
    const clock = new ServerByHand().clock;
    let ears: Ears | null = null;
    const transport = {
      open: (given: Ears): Promise<Line> => ((ears = given), Promise.resolve({ send() {}, close() {} })),
    };
    const connecting = connect({ transport, clock });
    ears!.gone({ code: 4000, reason: 'invalid_request_error.invalid_model' });
    const error = await rejection(connecting);
    expect(error.failure).toMatchObject({ kind: 'refused' });
    expect(error.message).toContain('4000');
    expect(error.message).toContain('invalid_model');
  });

  it('gives up after its time, and closes what comes too late', async () => {
    const { clock } = new ServerByHand();
    let closed = 0;
    let arrive = (_: Line): void => undefined;
    const transport = { open: () => new Promise<Line>((resolve) => (arrive = resolve)) };
    const connecting = connect({ transport, clock, timeoutMs: 300 });
    clock.advance(300);
    expect((await rejection(connecting)).failure).toEqual({ kind: 'timeout', afterMs: 300 });
    arrive({ send() {}, close: () => void closed++ });
    await isSettled(Promise.resolve());
    expect(closed).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('gives up when its signal aborts, before or during', async () => {
    const transport = { open: () => new Promise<Line>(() => undefined) };
    const { clock } = new ServerByHand();
    const abort = new AbortController();
    const during = connect({ transport, clock, signal: abort.signal });
    abort.abort();
    expect((await rejection(during)).failure).toEqual({ kind: 'aborted' });
    expect((await rejection(connect({ transport, clock, signal: abort.signal }))).failure).toEqual({ kind: 'aborted' });
    expect(clock.pending).toBe(0);
  });

  it('leaves an open session alone when its signal aborts later', async () => {
    const server = new ServerByHand();
    const abort = new AbortController();
    const session = await connect({ transport: server, clock: server.clock, signal: abort.signal });
    abort.abort();
    const configured = session.configure({});
    server.confirms();
    expect((await configured).state.connection).toBe('open');
  });

  it('rejects with what the transport rejects with', async () => {
    const failure = new ConnectError({ kind: 'unreachable', message: 'no route' });
    const transport = { open: () => Promise.reject(failure) };
    expect(await rejection(connect({ transport, clock: new ServerByHand().clock }))).toBe(failure);
  });

  it('rejects also when the transport throws at once, and leaves nothing running', async () => {
    const { clock } = new ServerByHand();
    const transport = {
      open: (): never => {
        throw new Error('broken');
      },
    };
    expect(await rejection(connect({ transport, clock }))).toMatchObject({ message: 'broken' });
    expect(clock.pending).toBe(0);
  });

  it('waits for session.created: what comes before it is not the greeting', async () => {
    const { clock } = new ServerByHand();
    let ears: Ears | null = null;
    const transport = {
      open: (given: Ears): Promise<Line> => ((ears = given), Promise.resolve({ send() {}, close() {} })),
    };
    const connecting = connect({ transport, clock });
    ears!.frame('not json');
    ears!.frame('{"type":"rate_limits.updated"}');
    expect(await isSettled(connecting)).toBe(false);
    ears!.frame('{"type":"session.created","session":{"id":"sess_1"}}');
    await connecting;
  });

  it('does not wait for a greeting on a sideband, which has none', async () => {
    const server = new ServerByHand({ kind: 'sideband' });
    const session = await server.opened();
    expect(session.respond('greeting').kind).toBe('admit');
    expect(session.id).toBe('sess_1');
  });
});
