/** A tool without `run` is answered from outside; one that has it may shape the answer that follows. */
import { expectType } from 'tsd';
import { type AnySession, type Reply, type Tool, tool, type ToolPurpose } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';
import { z } from 'zod';

const parameters = z.object({ name: z.string() });
const ask = tool({ name: 'ask_operator', description: '', parameters });
expectType<Tool<'ask_operator'>>(ask);
expectType<'tool:ask_operator'>({} as ToolPurpose<readonly [typeof ask]>);

const session = await openSession({ model: 'gpt-realtime-2.1', tools: [ask] });
session.on('call', ({ name, callId, args, signal }) => {
  expectType<string>(name);
  expectType<unknown>(args);
  expectType<AbortSignal>(signal);
  session.answer(callId, { said: 'Come in.' });
});
// @ts-expect-error: Expected 2 arguments, but got 1.
session.answer('call_1');

const brief: Reply = { instructions: 'Be brief.' };
tool({ name: 'look_up', description: '', parameters, run: ({ name }) => ({ name }), reply: brief });
tool({
  name: 'look_up',
  description: '',
  parameters,
  run: ({ name }) => ({ name }),
  reply: ({ name }) => ({ instructions: name }),
});
// @ts-expect-error: is not assignable to type
tool({ name: 'look_up', description: '', parameters, run: () => null, reply: 'speak' });
// @ts-expect-error: 'strict' does not exist in type 'ToolDefinition<
tool({ name: 'look_up', description: '', parameters, strict: true });

declare const any: AnySession;
any.answer('call_1', null);
