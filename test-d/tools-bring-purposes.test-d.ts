/** A tool of ours brings one purpose, `tool:<name>`; what the server runs itself brings none. */
import { expectAssignable, expectType } from 'tsd';
import { type AnyTool, type HostedTool, jsonSchema, type Tool, tool, type ToolPurpose } from 'gated-realtime';
import { openSession } from 'gated-realtime/ws';
import { z } from 'zod';

const saveLead = tool({
  name: 'save_lead',
  description: 'Save what the caller told us.',
  parameters: z.object({ name: z.string(), age: z.number().optional() }),
  run: ({ name, age }) => {
    expectType<string>(name);
    expectType<number | undefined>(age);
    return { saved: name };
  },
  reply: ({ saved }) => (saved === '' ? 'silent' : 'respond'),
});
const lookUp = tool({
  name: 'look_up',
  description: 'Known as data alone.',
  parameters: jsonSchema({ type: 'object' }),
  run: (args) => {
    expectType<unknown>(args);
    return null;
  },
});
const hosted: HostedTool = { type: 'mcp', server_label: 'crm', server_url: 'https://crm.example.com' };

expectType<Tool<'save_lead'>>(saveLead);
expectType<'tool:save_lead' | 'tool:look_up'>({} as ToolPurpose<readonly [typeof saveLead, typeof lookUp]>);
expectType<never>({} as never as ToolPurpose<readonly [HostedTool]>);
expectType<never>({} as never as ToolPurpose<readonly []>);

const session = await openSession({
  model: 'gpt-realtime-2.1',
  purposes: ['greeting'],
  tools: [saveLead, lookUp, hosted],
});
session.respond('tool:save_lead');
session.respond('tool:look_up');
// @ts-expect-error: Argument of type '"tool:crm"' is not assignable to parameter
session.respond('tool:crm');

// A change of tools widens the session that it returns, and not the one it was asked of.
const other = tool({ name: 'other', description: 'Another.', parameters: z.object({}), run: () => 'done' });
const widened = await session.update({ tools: [other] });
widened.respond('tool:other');
widened.respond('greeting');
// @ts-expect-error: Argument of type '"tool:other"' is not assignable to parameter
session.respond('tool:other');

// A tool is held to its own schema.
tool({ name: 'typed', description: '', parameters: z.object({ day: z.string() }), run: ({ day }) => day.trim() });
// @ts-expect-error: Property 'hour' does not exist on type '{ day: string; }'.
tool({ name: 'typed', description: '', parameters: z.object({ day: z.string() }), run: ({ hour }) => hour });
expectAssignable<AnyTool>(saveLead);
