import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MisuseError, tool } from '../../src/index.js';
import type { SessionEvents, ToolRound } from '../../types/index.js';
import { faultsOf, functionCall, ServerByHand, settles } from './by-hand.js';

const parameters = z.object({ name: z.string() });
const ask = (more: object = {}) => tool({ name: 'ask_operator', description: 'Asks.', parameters, ...more });

/** A session whose model has called the tool without `run`. */
async function called(args = '{"name":"Ann"}', made = ask()) {
  const server = new ServerByHand();
  const session = await server.opened({ tools: [made] });
  const calls: SessionEvents['call'][] = [];
  const rounds: ToolRound[] = [];
  session.on('call', (call) => calls.push(call));
  session.on('tools', (round) => rounds.push(round));
  const faults = faultsOf(session);
  session.respond('greeting');
  server.creates('resp_1');
  server.written.length = 0;
  server.says(functionCall('resp_1', 'call_1', 'ask_operator', args));
  await settles();
  const outputs = () =>
    server.written.filter(({ type }) => type === 'conversation.item.create').map(({ item }) => item);
  return { server, session, calls, rounds, faults, outputs };
}

describe('a tool without run', () => {
  it('is told as the event `call`, its arguments validated', async () => {
    const { calls, outputs } = await called();
    expect(calls).toEqual([
      { name: 'ask_operator', callId: 'call_1', args: { name: 'Ann' }, signal: expect.any(AbortSignal) as AbortSignal },
    ]);
    expect(outputs()).toEqual([]);
  });

  it('is not told where its arguments are not valid: the model is told so', async () => {
    const { calls, outputs } = await called('{"name":7}');
    expect(calls).toEqual([]);
    expect(outputs()).toMatchObject([
      { call_id: 'call_1', output: expect.stringContaining('"path":"name"') as string },
    ]);
  });

  it('is answered by answer(), and the model is asked to go on', async () => {
    const { server, session, rounds, outputs } = await called();
    session.answer('call_1', { said: 'Come in.' });
    expect(outputs()).toMatchObject([
      { type: 'function_call_output', call_id: 'call_1', output: '{"said":"Come in."}' },
    ]);
    server.completes('resp_1');
    expect(rounds).toMatchObject([{ calls: [{ result: 'answered' }], followUp: 'asked' }]);
    expect(server.last('response.create')).toMatchObject({
      response: { metadata: { gated_purpose: 'tool:ask_operator' } },
    });
  });

  it('may be answered by an output that is sent by hand', async () => {
    const { server, session, calls, rounds } = await called();
    const item = { type: 'function_call_output', call_id: 'call_1', output: 'Come in.' } as const;
    session.send({ type: 'conversation.item.create', item });
    server.completes('resp_1');
    expect(rounds).toMatchObject([{ calls: [{ result: 'answered' }], followUp: 'asked' }]);
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(() => session.answer('call_1', 'again')).toThrow(MisuseError);
  });

  it('is given up after a minute: its signal aborts, the model is told, and it is a fault', async () => {
    const { server, session, calls, outputs, faults } = await called();
    server.completes('resp_1');
    server.clock.advance(59_000);
    expect(outputs()).toEqual([]);
    server.clock.advance(2_000);
    expect(outputs()).toMatchObject([{ output: '{"error":"The tool did not answer in time."}' }]);
    expect([calls[0]?.signal.aborted, faults]).toEqual([
      true,
      ["The tool 'ask_operator' did not answer within 60000 ms."],
    ]);
    expect(() => session.answer('call_1', 'late')).toThrow(MisuseError);
  });

  it('is given up after its own time, where it has one', async () => {
    const { server, outputs } = await called(undefined, ask({ timeoutMs: 2_000 }));
    server.clock.advance(2_100);
    expect(outputs()).toHaveLength(1);
  });

  it('may be silent, or shape the follow-up, like any other', async () => {
    const { server, session, rounds } = await called(undefined, ask({ reply: 'silent' }));
    session.answer('call_1', 'noted');
    server.completes('resp_1');
    expect(rounds).toMatchObject([{ followUp: 'silent' }]);
  });

  it('may be answered from within its own listener', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ tools: [ask()] });
    session.on('call', ({ callId }) => session.answer(callId, 'Come in.'));
    session.respond('greeting');
    server.creates('resp_1');
    server.says(functionCall('resp_1', 'call_1', 'ask_operator', '{"name":"Ann"}'));
    await settles();
    expect(server.last('conversation.item.create')).toMatchObject({ item: { output: 'Come in.' } });
  });
});

describe('answer()', () => {
  it('from a listener of the item itself is not followed by the event call', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ tools: [ask()] });
    const calls: unknown[] = [];
    session.on('call', (call) => calls.push(call));
    session.on('response.output_item.done', () => session.answer('call_1', 'Come in.'));
    session.respond('greeting');
    server.creates('resp_1');
    server.says(functionCall('resp_1', 'call_1', 'ask_operator', '{"name":"Ann"}'));
    await settles();
    expect([calls, server.types().filter((type) => type === 'conversation.item.create').length]).toEqual([[], 1]);
  });

  it('from a listener of the signal that gives the call up is a fault: a throw there would end the process', async () => {
    const { server, session, calls, outputs, faults } = await called();
    calls[0]?.signal.addEventListener('abort', () => session.answer('call_1', 'late'));
    server.clock.advance(61_000);
    expect(outputs()).toHaveLength(1);
    expect(faults).toContainEqual(expect.stringContaining("no call 'call_1' to answer"));
  });

  it('throws MisuseError for a call that was answered, and sends nothing more', async () => {
    const { session, outputs } = await called();
    session.answer('call_1', 'first');
    expect(() => session.answer('call_1', 'second')).toThrow(MisuseError);
    expect(outputs()).toHaveLength(1);
  });

  it.each(['call_2', '', undefined, 7])('throws MisuseError for a call that there is not: %s', async (callId) => {
    const { session, outputs } = await called();
    expect(() => session.answer(callId as never, 'x')).toThrow(MisuseError);
    expect(outputs()).toEqual([]);
  });

  it('throws MisuseError for the call of a tool that runs', async () => {
    const run = () => new Promise(() => undefined);
    const { session, outputs } = await called(undefined, ask({ run }));
    expect(() => session.answer('call_1', 'x')).toThrow(MisuseError);
    expect(outputs()).toEqual([]);
  });

  it('throws MisuseError once the session has ended', async () => {
    const { session } = await called();
    await session.close();
    expect(() => session.answer('call_1', 'x')).toThrow(MisuseError);
  });
});
