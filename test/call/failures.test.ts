import { describe, expect, test, vi } from 'vitest';
import { call, does, toldToAll } from './call.js';
import { recovering } from './recovering.js';

describe('a server_error', () => {
  test('is retried once, half a second later, with the same parameters and a purpose of its own', async () => {
    const { session, server, watch, pass, createdAt, doneAt } = await recovering();
    server.fails('server_error');
    server.says('Hello.');
    const response = { instructions: 'Say hello.' };
    await session.respond('greeting', { response }).done;
    await pass(5_000);
    expect(watch.spoken).toEqual(['greeting', 'server-error-retry']);
    expect(watch.sent('response.create')[1]).toMatchObject({ response });
    expect((createdAt()[1] ?? 0) - (doneAt()[0] ?? 0)).toBe(500);
    expect(session.state.connection).toBe('open');
    expect(watch.complaints).toEqual(['A response failed: server-error. It is asked for again, retry 1 of 1.']);
  });

  test('that comes again is followed by an apology that is heard, and the end of the call', async () => {
    const { session, server, watch, hangUps } = await recovering();
    server.fails('server_error');
    server.fails('server_error');
    server.says('I am sorry.');
    session.respond('greeting');
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(watch.spoken).toEqual(['greeting', 'server-error-retry', 'server-error-apology']);
    expect(hangUps()).toBe(1);
    expect(watch.faults).toHaveLength(2);
  });

  test('that strikes the apology as well ends the call', async () => {
    const { session, server, hangUps } = await recovering();
    server.misbehaves({ failCode: 'server_error' });
    session.respond('greeting');
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'failed' });
    expect(hangUps()).toBe(1);
  });

  test('is counted by response, not by call: the next one has its own retry', async () => {
    const { session, server, watch, pass } = await recovering();
    for (const purpose of ['first', 'second']) {
      server.fails('server_error');
      server.says('Yes.');
      session.respond(purpose);
      await pass(5_000);
    }
    const again = 'server-error-retry';
    expect(watch.spoken).toEqual(['first', again, 'second', again]);
  });

  test('backs off twice as long before each further retry', async () => {
    const { session, server, watch, createdAt, doneAt } = await recovering({
      'server-error': { retries: 3, backoffMs: 200 },
    });
    server.misbehaves({ failCode: 'server_error' });
    session.respond('greeting');
    await session.closed;
    const waits = [0, 1, 2].map((each) => (createdAt()[each + 1] ?? 0) - (doneAt()[each] ?? 0));
    expect(waits).toEqual([200, 400, 800]);
    expect(watch.spoken).toHaveLength(5);
  });

  test('of the server’s own answer to a turn is retried too', async () => {
    const { server, watch, pass } = await recovering();
    server.fails('server_error');
    server.says('Yes.');
    server.caller.speaks('Hello?', { ms: 300 });
    await pass(5_000);
    expect(watch.spoken).toEqual(['server-error-retry']);
  });

  test('of a follow-up is retried: the outputs are in the conversation', async () => {
    const { session, server, watch, pass } = await recovering({}, { tools: [does('look_up', () => 'found')] });
    server.calls('look_up');
    server.fails('server_error');
    server.says('It is free.');
    session.respond('greeting');
    await pass(8_000);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up', 'server-error-retry']);
    expect(watch.outputs).toEqual(['found']);
  });

  test('may be followed by an apology after which the call goes on', async () => {
    const apology = { instructions: 'Say sorry.' };
    const policy = { 'server-error': { retries: 0, apology, then: 'go-on' } } as const;
    const { session, server, watch, pass } = await recovering(policy);
    server.fails('server_error');
    session.respond('greeting');
    await pass(5_000);
    expect(watch.spoken).toEqual(['greeting', 'server-error-apology']);
    expect(watch.sent('response.create')[1]).toMatchObject({ response: apology });
    expect(session.state.connection).toBe('open');
  });

  test('of an apology after which the call would have gone on ends it', async () => {
    const policy = { 'server-error': { retries: 0, then: 'go-on' } } as const;
    const { session, server, watch } = await recovering(policy);
    server.misbehaves({ failCode: 'server_error' });
    session.respond('greeting');
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'none' });
    expect(watch.spoken).toEqual(['greeting', 'server-error-apology']);
  });

  test('is not silence even where the policy says nothing and goes on', async () => {
    const { session, server } = await recovering({ 'server-error': { retries: 0, apology: null, then: 'go-on' } });
    server.fails('server_error');
    session.respond('greeting');
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  test('is left to the program where the plan has no policy', async () => {
    const { session, server, watch, pass } = await call();
    server.fails('server_error');
    expect(await session.respond('greeting').done).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
    await pass(60_000);
    expect(watch.spoken).toEqual(['greeting']);
    expect(session.state.connection).toBe('open');
  });

  test('with a code that nobody knows is a server_error', async () => {
    const { session, server, watch, pass } = await recovering();
    server.fails('weather_too_bad');
    session.respond('greeting');
    await pass(3_000);
    expect(watch.spoken).toEqual(['greeting', 'server-error-retry']);
  });
});

describe('a failure that is hard to see', () => {
  test('a response that completes with neither a word nor a call', async () => {
    const { session, server, watch, pass } = await recovering();
    server.replies({ items: [] });
    session.respond('greeting');
    await pass(3_000);
    expect(watch.spoken).toEqual(['greeting', 'silent-retry']);
  });

  test('an apology that completes without a word: the call would have gone on in silence', async () => {
    const { session, server, watch } = await recovering({ 'server-error': { retries: 0, then: 'go-on' } });
    server.fails('server_error');
    server.replies({ items: [] });
    session.respond('greeting');
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'none' });
    expect(watch.spoken).toEqual(['greeting', 'server-error-apology']);
  });

  test('but not one that calls a tool, whose follow-up will speak', async () => {
    const { session, server, watch, pass } = await recovering({}, { tools: [does('look_up', () => 'found')] });
    server.calls('look_up');
    server.says('It is free.');
    session.respond('greeting');
    await pass(5_000);
    expect([watch.spoken, watch.complaints]).toEqual([['greeting', 'tool:look_up'], []]);
  });

  test('a response whose created was never read', async () => {
    const { session, server, watch, pass } = await recovering();
    server.misbehaves({ dropCreated: true });
    server.fails('server_error');
    session.respond('greeting');
    await pass(450);
    server.misbehaves({ dropCreated: false });
    await pass(3_000);
    expect(watch.spoken).toEqual(['greeting', 'server-error-retry']);
  });

  test('the same of the server’s own answer', async () => {
    const { server, watch, pass } = await recovering();
    server.misbehaves({ dropCreated: true });
    server.fails('server_error');
    server.caller.speaks('Hello?', { ms: 300 });
    await pass(3_000);
    expect(watch.spoken).toEqual(['server-error-retry']);
  });

  test('a response that the server never ends, and that keeps the slot from everything after it', async () => {
    const slow = { latency: { done: 1e9 } };
    const { session, watch, hangUps } = await recovering({}, { limits: { responseMs: 2_000 } }, slow);
    session.respond('greeting');
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'failed' });
    expect([...new Set(watch.spoken)]).toEqual(['greeting', 'server-error-retry', 'server-error-apology']);
    expect(hangUps()).toBe(1);
  });

  test('a create that the server neither creates nor refuses', async () => {
    const { session, watch, pass } = await recovering(
      {},
      { limits: { createdMs: 1_000 } },
      { latency: { create: 1e9 } },
    );
    session.respond('greeting');
    await pass(1_700);
    expect(watch.spoken).toEqual(['greeting', 'server-error-retry']);
  });

  test('a create that the server refuses because of itself', async () => {
    const { session, server, watch, pass } = await recovering({}, {}, { latency: { create: 1e9 } });
    session.respond('greeting');
    await pass(10);
    const error = { type: 'server_error', code: 'server_error', message: 'Sorry.', param: null };
    server.injects({
      type: 'error',
      error: { ...error, event_id: watch.sent('response.create')[0]?.['event_id'] },
    } as never);
    await pass(1_000);
    expect(watch.spoken).toEqual(['greeting', 'server-error-retry']);
  });

  test('but not one that was asked for wrongly: that is the program’s to see', async () => {
    const { session, watch, pass } = await recovering();
    const verdict = session.respond('greeting', { response: { max_output_tokens: -1 } });
    expect(await verdict.done).toMatchObject({ status: 'unsent', by: 'rejected' });
    await pass(5_000);
    expect(watch.spoken).toEqual(['greeting']);
    expect(session.state.connection).toBe('open');
  });

  test('an out-of-band response that fails leaves no caller in silence', async () => {
    const { session, server, watch, pass } = await recovering();
    server.replies({ items: [], status: 'failed', code: 'server_error', lane: 'out-of-band' });
    session.respond('classify', { response: { conversation: 'none' } });
    await pass(5_000);
    expect(watch.spoken).toEqual(['classify']);
  });
});

describe('an account that cannot go on', () => {
  test.each(['insufficient_quota', 'billing_hard_limit_reached', 'credit_balance_exhausted', 'account_deactivated'])(
    'ends the call, and nothing is retried into the wall: %s',
    async (code) => {
      const { session, server, watch, hangUps } = await recovering();
      server.misbehaves({ failCode: code });
      session.respond('greeting');
      expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'none' });
      expect(watch.spoken).toEqual(['greeting']);
      expect([hangUps(), watch.faults.length]).toEqual([1, 1]);
    },
  );

  test.each(['errorFirst', 'closeFirst', 'closeOnly'] as const)(
    'expiry ends the session as expired: %s',
    async (expiry) => {
      const { session, server, watch } = await recovering({}, {}, { faults: { expiry } });
      server.expire();
      expect(await session.closed).toEqual({ kind: 'expired' });
      expect(watch.spoken).toEqual([]);
    },
  );
});

describe('a session that ends by itself', () => {
  type Server = Awaited<ReturnType<typeof recovering>>['server'];
  const endings: [string, (server: Server) => void][] = [
    ['lost', (server) => server.drop()],
    ['expired', (server) => server.expire()],
  ];

  test.each(endings)('has its carrier’s leg hung up, and the operator told: %s', async (kind, ends) => {
    const { session, server, watch, hangUps } = await recovering();
    ends(server);
    expect(await session.closed).toMatchObject({ kind });
    await toldToAll();
    expect([hangUps(), watch.complaints]).toEqual([1, [expect.stringMatching(/the call is hung up/)]]);
  });

  test.each(endings)('has it hung up once, though hangup() is under way and called again: %s', async (kind, ends) => {
    const { session, server, pass, hangUps } = await recovering();
    const ended = session.hangup({ farewell: { instructions: 'Bye.' } });
    await pass(600);
    ends(server);
    expect(await ended).toMatchObject({ kind });
    await session.hangup();
    await toldToAll();
    expect(hangUps()).toBe(1);
  });

  test.each(endings)('is left to its program where the plan says nothing of recovery: %s', async (_, ends) => {
    const hangUp = vi.fn(() => Promise.resolve());
    const { session, server, watch } = await call({ hangUp });
    ends(server);
    await session.closed;
    await toldToAll();
    expect(hangUp).not.toHaveBeenCalled();
    expect(watch.complaints).toEqual([]);
  });

  test('by close() leaves the carrier’s leg alone', async () => {
    const { session, watch, hangUps } = await recovering();
    await session.close();
    await toldToAll();
    expect([hangUps(), watch.complaints]).toEqual([0, []]);
  });
});

test('a farewell that fails during a hang-up is not retried', async () => {
  const { session, server, watch } = await recovering();
  server.misbehaves({ failCode: 'server_error' });
  expect(await session.hangup({ farewell: { instructions: 'Bye.' } })).toEqual({ kind: 'hung-up', farewell: 'failed' });
  expect(watch.spoken).toEqual(['farewell']);
});
