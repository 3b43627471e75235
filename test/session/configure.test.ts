import { describe, expect, it, vi } from 'vitest';
import { ConfigureError, MisuseError } from '../../src/errors.js';
import { openSession } from '../../src/session/connect.js';
import { isSettled, rejection, ServerByHand } from './by-hand.js';

const brief = { session: { instructions: 'Be brief.' } } as const;

describe('configure()', () => {
  it('sends the settings, and nothing before', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    expect(server.written).toEqual([]);
    void session.configure(brief);
    expect(server.written).toMatchObject([
      { type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } },
    ]);
  });

  it('resolves only on a session.updated that has all that was asked for', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure(brief);
    server.says({ type: 'session.created', session: { instructions: 'Be brief.' } });
    expect(await isSettled(configured)).toBe(false);
    server.confirms({ model: 'x' });
    expect(await configured).toHaveProperty('respond');
  });

  it('rejects with what the server rejected: code, param, message', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure(brief);
    const event_id = server.last('session.update')!['event_id'];
    server.says({ type: 'error', error: { code: 'invalid_value', param: 'session.x', message: 'No.', event_id } });
    const error = await rejection(configured);
    expect(error).toBeInstanceOf(ConfigureError);
    expect(error.failure).toEqual({ kind: 'rejected', code: 'invalid_value', param: 'session.x', message: 'No.' });
    expect(error.message).toContain('configure again');
  });

  it('rejects with every path that differs', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure(brief);
    server.confirms({ instructions: 'Sing.' });
    const differences = [{ path: 'instructions', asked: 'Be brief.', got: 'Sing.' }];
    expect((await rejection(configured)).failure).toEqual({ kind: 'mismatch', differences });
  });

  it.each([
    ['its own timeoutMs', brief, { timeoutMs: 500 }],
    ['the limit of the plan', { ...brief, limits: { confirmMs: 500 } }, {}],
  ])('rejects after %s', async (_, plan, options) => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure(plan, options);
    server.clock.advance(499);
    expect(await isSettled(configured)).toBe(false);
    server.clock.advance(1);
    expect((await rejection(configured)).failure).toEqual({ kind: 'timeout', afterMs: 500 });
  });

  it('rejects when the connection is lost, with its code and reason', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure(brief);
    server.ends(1011, 'restart');
    expect((await rejection(configured)).failure).toEqual({ kind: 'lost', code: 1011, reason: 'restart' });
  });

  it('rejects when its signal aborts', async () => {
    const server = new ServerByHand();
    const abort = new AbortController();
    const configured = (await server.connected()).configure(brief, { signal: abort.signal });
    abort.abort();
    expect((await rejection(configured)).failure).toEqual({ kind: 'aborted' });
  });

  it('rejects when its signal has aborted before, and sends nothing', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure(brief, { signal: AbortSignal.abort() });
    expect((await rejection(configured)).failure).toEqual({ kind: 'aborted' });
    expect(server.written).toEqual([]);
  });

  it('rejects when the session is closed meanwhile', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    const configured = session.configure(brief);
    await session.close();
    expect((await rejection(configured)).failure).toEqual({ kind: 'aborted' });
  });

  it('rejects when the connection was lost before it was called', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    server.ends(1006);
    expect((await rejection(session.configure(brief))).failure).toMatchObject({ kind: 'lost' });
  });

  it.each([0, -1, NaN, Infinity])('takes no timeoutMs of %s', async (timeoutMs) => {
    const server = new ServerByHand();
    const session = await server.connected();
    expect(await rejection(session.configure(brief, { timeoutMs }))).toBeInstanceOf(MisuseError);
    expect(server.written).toEqual([]);
  });

  it('can be called again after a rejection', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    const first = session.configure(brief);
    server.confirms({ instructions: 'Sing.' });
    await rejection(first);
    const second = session.configure(brief);
    server.confirms();
    expect((await second).respond('greeting').kind).toBe('admit');
  });

  it('can be called again after a plan that is a mistake', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    const bad = session.configure({ guards: { closed: (() => true) as never } });
    expect(await rejection(bad)).toBeInstanceOf(MisuseError);
    const good = session.configure(brief);
    server.confirms();
    await good;
  });

  it('is misuse while another is pending, and does not disturb that one', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    const first = session.configure(brief);
    expect(await rejection(session.configure(brief))).toBeInstanceOf(MisuseError);
    server.confirms();
    await first;
    expect(server.types()).toEqual(['session.update']);
  });

  it('is a misuse once it has resolved', async () => {
    const server = new ServerByHand();
    const session = await server.connected();
    const first = session.configure(brief);
    server.confirms();
    await first;
    expect(await rejection(session.configure(brief))).toBeInstanceOf(MisuseError);
  });

  it('is abandoned for good at its rejection: aborting its signal later touches nothing', async () => {
    const server = new ServerByHand();
    const abort = new AbortController();
    const configured = (await server.connected()).configure(brief, { signal: abort.signal });
    server.confirms();
    const session = await configured;
    abort.abort();
    expect(session.state.shut).toEqual([]);
  });

  it('lets a difference pass that the plan accepts', async () => {
    const server = new ServerByHand();
    const accept = ({ path }: { path: string }): boolean => path === 'instructions';
    const configured = (await server.connected()).configure({ ...brief, accept });
    server.confirms({ instructions: 'Be brief!' });
    await configured;
  });

  it('takes nothing but true for an acceptance, and no promise of one', async () => {
    const server = new ServerByHand();
    const accept = (() => Promise.resolve(true)) as never;
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const configured = (await server.connected()).configure({ ...brief, accept });
    server.confirms({ instructions: 'Sing.' });
    expect((await rejection(configured)).failure.kind).toBe('mismatch');
    expect(warned).toHaveBeenCalledOnce();
    warned.mockRestore();
  });

  it('is not confirmed by what was true only when it was asked: the plan is copied', async () => {
    const server = new ServerByHand();
    const settings = { instructions: 'Be brief.' };
    const configured = (await server.connected()).configure({ session: settings });
    settings.instructions = 'Sing.';
    server.confirms();
    await configured;
  });
});

describe('an unconfirmed session', () => {
  it('can do nothing but configure() and close()', async () => {
    const session = await new ServerByHand().connected();
    const members = [...Object.keys(session), ...Object.getOwnPropertySymbols(session)];
    expect(members).toEqual(['model', 'configure', 'close', Symbol.asyncDispose]);
  });

  it('is closed by disposal', async () => {
    const server = new ServerByHand();
    {
      await using session = await server.connected();
      expect(session.model).toBe('gpt-realtime-2.1');
    }
    expect(server.isGone).toBe(true);
  });

  it('closed twice is closed once', async () => {
    const session = await new ServerByHand().connected();
    await Promise.all([session.close(), session.close()]);
  });

  it('has nothing left to close once it is confirmed', async () => {
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const configured = unconfirmed.configure({});
    server.confirms();
    const session = await configured;
    await unconfirmed.close();
    await unconfirmed[Symbol.asyncDispose]();
    expect(session.state.connection).toBe('open');
    expect(session.respond('greeting').kind).toBe('admit');
  });
});

describe('openSession()', () => {
  const open = (server: ServerByHand, plan: object = brief): ReturnType<typeof openSession> =>
    openSession({ transport: server, clock: server.clock, ...plan });

  it('is connect() and configure() in one', async () => {
    const server = new ServerByHand({ answers: (frame, each) => frame.type === 'session.update' && each.confirms() });
    expect((await open(server)).id).toBe('sess_1');
  });

  it('leaves nothing open if the configuration fails', async () => {
    const server = new ServerByHand({
      answers: (_, each) => each.confirms({ instructions: 'Sing.' }),
    });
    expect(await rejection(open(server))).toBeInstanceOf(ConfigureError);
    server.says({ type: 'session.created' });
    expect(server.clock.pending).toBe(0);
  });

  it('leaves nothing open if the plan is a mistake', async () => {
    const server = new ServerByHand();
    expect(await rejection(open(server, { limits: { held: 0 } }))).toBeInstanceOf(MisuseError);
    expect(server.written).toEqual([]);
    expect(server.clock.pending).toBe(0);
  });
});

describe('the frames after the confirming one', () => {
  it('reach listeners no earlier than the next macrotask', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure({});
    server.confirms();
    server.says({ type: 'rate_limits.updated', rate_limits: [] });
    const session = await configured;
    const heard: string[] = [];
    session.on('event', ({ type }) => heard.push(type));
    expect(heard).toEqual([]);
    server.clock.advance(0);
    expect(heard).toEqual(['rate_limits.updated']);
  });

  it('reach them also if the socket is gone by then: the end comes after them', async () => {
    const server = new ServerByHand();
    const configured = (await server.connected()).configure({});
    server.confirms();
    server.says({ type: 'rate_limits.updated', rate_limits: [] });
    server.ends(1006);
    const session = await configured;
    const heard: string[] = [];
    session.on('event', ({ type }) => heard.push(type));
    server.clock.advance(0);
    expect(heard).toEqual(['rate_limits.updated']);
    expect(await session.closed).toMatchObject({ kind: 'lost' });
  });
});
