import { describe, expect, test } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { byHand, listening } from './call.js';
import { incomplete, recovering } from './recovering.js';

const limits = (remaining: number, reset_seconds: number) => ({
  type: 'rate_limits.updated',
  rate_limits: [{ name: 'tokens', limit: 1_000, remaining, reset_seconds }],
});

describe('a rate limit', () => {
  test('is retried twice, after a second and after two', async () => {
    const { session, server, watch, createdAt, doneAt } = await recovering();
    server.misbehaves({ failCode: 'inference_rate_limit_exceeded' });
    session.respond('greeting');
    await session.closed;
    const retry = 'rate-limit-retry';
    expect(watch.spoken).toEqual(['greeting', retry, retry, 'rate-limit-apology']);
    expect([0, 1].map((each) => (createdAt()[each + 1] ?? 0) - (doneAt()[each] ?? 0))).toEqual([1_000, 2_000]);
  });

  test.each(['rate_limit_exceeded', 'inference_rate_limit_exceeded'])(
    'waits as long as the server says: %s',
    async (code) => {
      const { session, server, watch, pass, clock, createdAt } = await recovering();
      server.fails(code);
      session.respond('greeting');
      await pass(500);
      server.injects(limits(0, 4));
      const until = clock.now() + 4_000;
      await pass(10_000);
      expect(watch.spoken).toEqual(['greeting', 'rate-limit-retry']);
      expect(createdAt()[1]).toBe(until);
    },
  );

  test('waits as long as its message says, where that is longer', async () => {
    const { session, server, pass, createdAt, doneAt } = await recovering();
    server.fails('rate_limit_exceeded');
    session.respond('greeting');
    await pass(10_000);
    expect((createdAt()[1] ?? 0) - (doneAt()[0] ?? 0)).toBe(2_000);
  });

  test('does not wait for a limit of which something is left', async () => {
    const { session, server, pass, createdAt, doneAt } = await recovering();
    server.fails('inference_rate_limit_exceeded');
    session.respond('greeting');
    await pass(500);
    server.injects(limits(5, 4));
    await pass(10_000);
    expect((createdAt()[1] ?? 0) - (doneAt()[0] ?? 0)).toBe(1_000);
  });

  test('that lasts too long is not retried into: the caller hears an apology', async () => {
    const { session, server, watch } = await recovering();
    server.fails('rate_limit_exceeded');
    session.respond('greeting');
    server.injects(limits(0, 60));
    expect(await session.closed).toMatchObject({ kind: 'hung-up' });
    expect(watch.spoken).toEqual(['greeting', 'rate-limit-apology']);
  });

  test('that the server prolongs again and again is given up in the end', async () => {
    const { session, server, watch, clock } = await recovering();
    server.fails('rate_limit_exceeded');
    session.respond('greeting');
    for (let each = 0; each < 8; each++) clock.after(500 + each * 2_000, () => server.injects(limits(0, 3)));
    expect(await session.closed).toMatchObject({ kind: 'hung-up' });
    expect(watch.spoken).toEqual(['greeting', 'rate-limit-apology']);
  });
});

describe('an incomplete response', () => {
  test('by max_output_tokens was heard in part: nothing is said, and the call goes on', async () => {
    const { session, server, watch, pass } = await recovering();
    server.replies(incomplete('max_output_tokens'));
    session.respond('greeting');
    await pass(5_000);
    expect(watch.spoken).toEqual(['greeting']);
    expect(session.state.connection).toBe('open');
    expect(watch.complaints).toEqual(['A response failed: max-output-tokens. Nothing is said; then: go-on.']);
  });

  test('of which nothing was heard ends the call: silence is never the outcome', async () => {
    const { session, server } = await recovering();
    server.replies(incomplete('max_output_tokens', ''));
    session.respond('greeting');
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  test('by content_filter is followed by a sentence of ours, and the call goes on', async () => {
    const { session, server, watch, pass } = await recovering();
    server.replies(incomplete('content_filter'));
    session.respond('greeting');
    await pass(5_000);
    expect(watch.spoken).toEqual(['greeting', 'content-filter-apology']);
    expect(session.state.connection).toBe('open');
  });

  test('may be given retries of its own', async () => {
    const { session, server, watch, pass } = await recovering({ 'max-output-tokens': { retries: 1 } });
    server.replies(incomplete('max_output_tokens'));
    session.respond('greeting');
    await pass(5_000);
    expect(watch.spoken).toEqual(['greeting', 'max-output-tokens-retry']);
  });
});

describe('the apologies of the defaults', () => {
  test.each(['server_error', 'rate_limit_exceeded', 'content_filter'])('call no tool: %s', async (code) => {
    const { session, server, watch, pass } = await recovering({
      'server-error': { retries: 0 },
      'rate-limit': { retries: 0 },
    });
    if (code === 'content_filter') server.replies(incomplete(code));
    else server.fails(code);
    session.respond('greeting');
    await pass(1_000);
    expect(watch.sent('response.create')[1]).toMatchObject({ response: { tool_choice: 'none' } });
  });
});

describe('a policy that could not be followed', () => {
  const pairs = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`key_${index}`, 'value']));

  test.each<[string, object]>([
    ['an apology with more metadata than there is room for', { 'server-error': { apology: { metadata: pairs } } }],
    ['an apology that JSON cannot say', { 'server-error': { apology: { instructions: 1n } } }],
    ['an apology that is no object', { quota: { apology: 'Sorry.' } }],
    ['retries that cannot be counted', { 'server-error': { retries: Infinity } }],
    ['half a retry', { 'server-error': { retries: 0.5 } }],
    ['a wait that is none', { 'rate-limit': { backoffMs: -1 } }],
    ['an end that does not exist', { 'server-error': { then: 'hangup' } }],
    ['a failure that does not exist', { server_error: { retries: 2 } }],
  ])('is refused when it is configured, and not once it is needed: %s', async (_, recovery) => {
    await expect(recovering(recovery)).rejects.toBeInstanceOf(MisuseError);
  });

  test('keeps the defaults of what is left undefined', async () => {
    const { session, server, watch } = await recovering({ 'server-error': { retries: undefined } as never });
    server.misbehaves({ failCode: 'server_error' });
    session.respond('greeting');
    await session.closed;
    expect(watch.spoken).toEqual(['greeting', 'server-error-retry', 'server-error-apology']);
  });

  test('says the apology that was checked, whatever became of it since', async () => {
    const apology = { instructions: 'Say that you are sorry.', metadata: {} };
    const { session, server, watch } = await recovering({ 'server-error': { retries: 0, apology } });
    apology.metadata = pairs;
    server.fails('server_error');
    session.respond('greeting');
    await session.closed;
    expect(watch.spoken).toEqual(['greeting', 'server-error-apology']);
  });
});

describe('a retry', () => {
  test('is called off by the user’s new turn, which has an answer of its own', async () => {
    const { session, server, watch, pass } = await recovering();
    server.fails('server_error');
    session.respond('greeting');
    await pass(600);
    server.caller.speaks('Hello?', { ms: 300 });
    await pass(10_000);
    expect(watch.spoken).toEqual(['greeting']);
    expect(session.state.connection).toBe('open');
  });

  test('is called off by a turn of the session’s own voice detection', async () => {
    const { session, server, watch, pass } = await recovering({}, { session: byHand });
    server.fails('server_error');
    session.respond('greeting');
    await pass(600);
    session.userTurn('begins');
    await pass(100);
    session.userTurn('ends');
    await pass(10_000);
    expect(watch.spoken).toEqual(['greeting']);
  });

  test('is not even planned while the user speaks', async () => {
    const { session, server, watch, pass } = await recovering({}, { session: listening });
    server.fails('server_error');
    session.respond('greeting');
    await pass(100);
    server.injects({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    await pass(10_000);
    expect(watch.spoken).toEqual(['greeting']);
    expect(watch.complaints[0]).toMatch(/another turn/);
  });

  test('that is held is called off by an answer that the server gives by itself', async () => {
    const { session, server, watch, pass } = await recovering({}, {}, { latency: { automatic: 700 } });
    server.fails('server_error');
    server.says('Yes?');
    session.respond('greeting');
    await pass(10);
    server.injects({ type: 'input_audio_buffer.timeout_triggered', item_id: 'item_1' });
    await pass(700);
    const response = { id: 'resp_idle', conversation_id: 'conv_1', status: 'in_progress', metadata: null, output: [] };
    server.injects({ type: 'response.created', response });
    await pass(300);
    const delta = Buffer.alloc(480).toString('base64');
    server.injects({ type: 'response.output_audio.delta', response_id: 'resp_idle', item_id: 'item_idle', delta });
    const output = [{ type: 'message', content: [{ type: 'output_audio', transcript: 'Are you there?' }] }];
    server.injects({ type: 'response.done', response: { ...response, status: 'completed', output } });
    await pass(10_000);
    expect(watch.spoken).toEqual(['greeting']);
  });

  test('that the loop guard refuses gives way to the apology, which skips that guard', async () => {
    const { session, server, watch } = await recovering({}, { limits: { responsesInARow: 1 } });
    server.fails('server_error');
    server.says('I am sorry.');
    session.respond('greeting');
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(watch.spoken).toEqual(['greeting', 'server-error-apology']);
    expect(watch.verdicts).toMatchObject([{ verdict: 'admit' }, { by: 'loop' }, { verdict: 'admit' }]);
  });

  test('leaves alone the retry of another response', async () => {
    const { session, server, watch, pass } = await recovering({ 'server-error': { backoffMs: 1_000 } });
    server.fails('server_error');
    server.fails('server_error');
    session.respond('first', { response: { instructions: 'First.' } });
    session.respond('second', { response: { instructions: 'Second.' } });
    await pass(10_000);
    expect(watch.spoken).toEqual(['first', 'second', 'server-error-retry', 'server-error-retry']);
  });

  test('does not begin once a hang-up is pending', async () => {
    const { session, server, watch, pass } = await recovering();
    server.fails('server_error');
    server.says('Goodbye.');
    session.respond('greeting');
    await pass(600);
    expect(await session.hangup({ farewell: { instructions: 'Bye.' } })).toEqual({
      kind: 'hung-up',
      farewell: 'heard',
    });
    expect(watch.spoken).toEqual(['greeting', 'farewell']);
  });

  test('leaves no timer behind once the session has been closed', async () => {
    const { session, server, clock, pass } = await recovering({ 'server-error': { backoffMs: 1e8 } });
    server.fails('server_error');
    session.respond('greeting');
    await pass(600);
    await session.close();
    expect(clock.pending).toBe(0);
  });
});
