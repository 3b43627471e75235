/** Six mistakes of other clients, and the right behaviour. */
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/session/connect.js';
import { createSimulator } from '../../src/simulator/simulator.js';
import { userMessage } from '../../src/index.js';
import { byHand, call, does, promised } from './call.js';

const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

test('A: nothing is created before session.updated, and there is nothing to create it with', async () => {
  const server = createSimulator({ latency: { update: 5_000 } });
  const { transport, clock } = server;
  const unconfirmed = await connect({ transport, clock });
  expect(Object.keys(unconfirmed)).not.toContain('respond');
  const configuring = unconfirmed.configure({ purposes: ['greeting'] });
  await new Promise<void>((resolve) => void clock.after(4_000, resolve));
  expect(typesOf(server.received)).toEqual(['session.update']);
  const session = await configuring;
  expect(typesOf(server.sent)).toEqual(['session.created', 'session.updated']);
  expect(session.respond('greeting').kind).toBe('admit');
  await session.close();
  server.stop();
});

test('B: what is asked for while the user speaks waits until the user has spoken and been answered', async () => {
  const { session, server, watch, pass } = await call();
  server.caller.begins();
  await pass(100);
  const verdict = session.respond('reply', { response: { instructions: 'Say this too.' } });
  expect(verdict).toMatchObject({ kind: 'hold', by: ['user-speaking'] });
  await pass(1_000);
  expect(watch.spoken).toEqual([]);
  server.caller.ends('Hello?');
  expect(await verdict.done).toMatchObject({ status: 'completed' });
  const order = typesOf(server.passages.map(({ text }) => JSON.parse(text) as { type: string }));
  expect(order.indexOf('response.create')).toBeGreaterThan(order.indexOf('response.done'));
});

describe('C: a create that meets the server’s own answer', () => {
  const late = { toServerMs: () => 30, toClientMs: () => 30 };

  test('is refused by the server, and is not lost: it is asked for again once the slot is free', async () => {
    const { session, server, watch, pass } = await call({}, late);
    server.caller.speaks('Hello?', { ms: 300 });
    // Requested after the server has detected the end of the turn, and before we know.
    await pass(320);
    const verdict = session.respond('reply', {
      response: { instructions: 'Say this too.' },
      override: ['user-speaking'],
    });
    expect(verdict.kind).toBe('admit');
    expect(await verdict.done).toMatchObject({ status: 'completed' });
    const refusals = server.sent.flatMap((event) => (event.type === 'error' ? [event.error.code] : []));
    expect(refusals).toEqual(['conversation_already_has_active_response']);
    expect(watch.spoken).toEqual(['reply', 'reply']);
  });

  test('is not even sent in the window that we can see', async () => {
    const { session, server, pass, watch } = await call({}, { latency: { automatic: 300 } });
    server.caller.speaks('Hello?', { ms: 300 });
    await pass(400);
    expect(session.respond('reply')).toMatchObject({ kind: 'hold', by: ['response-imminent'] });
    await pass(5_000);
    expect(typesOf(server.sent)).not.toContain('error');
    expect(watch.spoken).toEqual(['reply']);
  });
});

test('D: of two parallel tools, one of them slow, the model speaks once, when both outputs are there', async () => {
  const slow = promised<string>();
  const tools = [does('slow', () => slow.promise), does('fast', () => 'fast')];
  const { session, server, watch, pass, clock } = await call({ tools });
  clock.after(2_150, () => slow.resolve('slow'));
  const items = [
    { calls: 'slow', args: '{}' },
    { calls: 'fast', args: '{}' },
  ];
  server.replies({ items });
  session.respond('greeting');
  await pass(6_000);
  const order = typesOf(watch.sent()).slice(1);
  const output = 'conversation.item.create';
  expect(order).toEqual(['response.create', output, output, 'response.create']);
  expect(watch.outputs).toEqual(['fast', 'slow']);
});

describe('E: a response that fails with server_error', () => {
  test('is an outcome as data for the caller', async () => {
    const { session, server } = await call();
    server.fails('server_error');
    expect(await session.respond('greeting').done).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  });

  test('is retried by the policy, and the operator is told', async () => {
    const { session, server, watch, pass } = await call({ recovery: {} });
    server.fails('server_error');
    server.says('Hello.');
    session.respond('greeting');
    await pass(5_000);
    expect(watch.spoken).toEqual(['greeting', 'server-error-retry']);
    expect(watch.faults).toHaveLength(1);
  });
});

test('F: the end of an out-of-band response does not free the slot of the conversation', async () => {
  const { session, server, watch, pass } = await call({ session: byHand }, { speed: 1 });
  server.says('A long story.', { ms: 4_000 });
  server.says('billing', { lane: 'out-of-band' });
  session.respond('greeting');
  await pass(1_000);
  const aside = session.respond('classify', { response: { conversation: 'none' } });
  expect(aside.kind).toBe('admit');
  expect(await aside.done).toMatchObject({ status: 'completed', text: 'billing' });
  expect(session.state.responses).toHaveLength(1);
  session.send(userMessage('And then?'));
  const next = session.respond('reply');
  expect(next).toMatchObject({ kind: 'hold', by: ['response-active'] });
  await next.done;
  expect(typesOf(server.sent)).not.toContain('error');
  expect(watch.spoken).toEqual(['greeting', 'classify', 'reply']);
});
