/**
 * What the compiler must accept, and what it must refuse in these words. It is compiled against the packed package, not
 * against the sources: as it stands, and once more without its directives, to read what each refusal says.
 */
import type { RealtimeClientEvent, ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import { match } from 'ts-pattern';
import { z } from 'zod';
import {
  type AnySession,
  type AnyTool,
  ConfigureError,
  type ConfirmedSession,
  jsonSchema,
  plan,
  type Respond,
  type SessionOf,
  type SessionPlan,
  type Tool,
  tool,
  userMessage,
  type Verdict,
} from 'gated-realtime';
import { simulate } from 'gated-realtime/simulator';
import { connect, openSession } from 'gated-realtime/ws';

// Before the confirmation there is nothing to ask with.
const unconfirmed = await connect({ model: 'gpt-realtime-2.1' });
// @ts-expect-error: Property 'respond' does not exist on type 'UnconfirmedSession'.
unconfirmed.respond('greeting');
// @ts-expect-error: Property 'send' does not exist on type 'UnconfirmedSession'.
unconfirmed.send({ type: 'input_audio_buffer.commit' });

// A tool is handed the session that called it, and speaks in its own name alone.
const endCall = tool({
  name: 'end_call',
  description: 'Say goodbye and hang up.',
  parameters: z.object({}),
  run: (_, { session }) => session.hangup({ farewell: { instructions: 'Say goodbye.' } }),
});
const saveLeadInfo = tool({
  name: 'save_lead_info',
  description: 'Save what the caller told us.',
  parameters: z.object({ name: z.string() }),
  run({ name }, call) {
    const caller: string = name;
    call.respond({ response: { instructions: 'Say: one moment.' } });
    // @ts-expect-error: has no properties in common with type 'RespondOptions'
    call.respond('tool:check_availability');
    // @ts-expect-error: Property 'respond' does not exist on type 'AnySession'.
    call.session.respond('greeting');
    return { caller, urgent: true };
  },
  reply: ({ urgent }) => (urgent ? 'respond' : 'silent'),
});
const sales = plan({
  session: { instructions: 'Be brief.' },
  purposes: ['greeting', 'nudge'],
  tools: [endCall, saveLeadInfo],
  guards: {
    'human-takeover': (session) => session.id === 'taken',
    'after-hours': { shut: () => false, kind: 'terminal' },
  },
  accept: ({ path }) => path.startsWith('audio.input.transcription.'),
});
const session = await unconfirmed.configure(sales);

// What was declared is all there is to ask for; declared nothing, anything goes.
session.respond('greeting');
session.respond('tool:save_lead_info', { override: ['user-speaking'] });
// @ts-expect-error: Argument of type '"greting"' is not assignable to parameter
session.respond('greting');
const free = await openSession({ model: 'gpt-realtime-2.1' });
free.respond('anything');

// Few guards can be overridden, and no guard can take a built-in one's name.
// @ts-expect-error: Type '"hangup-pending"' is not assignable to type 'OverridableGuard'.
session.respond('greeting', { override: ['hangup-pending'] });
// @ts-expect-error: Taken<"choose another name: closed is built in">
await openSession({ model: 'gpt-realtime-2.1', guards: { closed: () => true } });

// The three gated events go out by no back door, and the refusal says which door to take.
session.send({ type: 'input_audio_buffer.commit' });
session.send(userMessage('Hello.'));
// @ts-expect-error: Advice<"use session.respond(): response.create is gated">
session.send({ type: 'response.create' });
// @ts-expect-error: Advice<"use session.respond(): response.create is gated">
session.send({ type: 'response.create', response: { instructions: 'Hello.' } });
// @ts-expect-error: Advice<"use session.update(): the gate closes until session.updated">
session.send({ type: 'session.update', session: { type: 'realtime' } });
// @ts-expect-error: Advice<"use handle.cancel() or session.interrupt(): response.cancel is tracked">
session.send({ type: 'response.cancel' });
declare const anyEvent: RealtimeClientEvent;
// @ts-expect-error: OneEvent<"look at its type first
session.send(anyEvent);
declare const create: ResponseCreateEvent;
// @ts-expect-error: Advice<"use session.respond(): response.create is gated">
session.send(create);

// The right to ask is issued by a session; building one is no way to have it.
const refusal: Verdict = { kind: 'refuse', by: 'closed', message: '', done: new Promise(() => undefined) };
// @ts-expect-error: Property '[issuedBySession]' is missing
const forged: Respond<'greeting'> = (): Verdict => refusal;

// It can be passed on for less than it is worth, never for more.
const greet = (respond: Respond<'greeting'>): Verdict => respond('greeting');
greet(session.respond);
greet(free.respond);
// @ts-expect-error: is not assignable to type 'Respond<string
const wide: Respond<string> = session.respond;

// Sessions of every plan share a map; only one that says for what can be asked to respond.
type Sales = SessionOf<typeof sales>;
const desk: Sales = session;
const sessions = new Map<string, AnySession>([
  ['a', session],
  ['b', free],
]);
// @ts-expect-error: Property 'respond' does not exist on type 'AnySession'.
sessions.get('a')?.respond('greeting');
const greeters = new Map<string, ConfirmedSession<'greeting'>>([
  ['a', session],
  ['b', free],
]);
greeters.get('a')?.respond('greeting');

// Tools that arrive in mid-call bring their purposes, to the session that took them.
interface Row {
  readonly name: string;
  readonly description: string;
  readonly schema: Record<string, unknown>;
}
declare const rows: readonly Row[];
const loaded: Tool[] = rows.map(({ name, description, schema }) =>
  tool({ name, description, parameters: jsonSchema(schema), run: (args) => args }),
);
const tools: AnyTool[] = [...loaded, { type: 'mcp', server_label: 'crm', server_url: 'https://crm.example.com' }];
const widened = await session.update({ tools: [...tools] });
widened.respond('tool:whatever_was_loaded');
// @ts-expect-error: Argument of type '"tool:whatever_was_loaded"' is not assignable to parameter
session.respond('tool:whatever_was_loaded');

// A generic wrapper keeps what it wraps, and adds its own.
const openMonitored = async <
  const Purpose extends string = string,
  const Tools extends readonly AnyTool[] = readonly [],
  const Guard extends string = never,
>(
  inner: SessionPlan<Purpose, Tools, Guard>,
) => {
  const purposes = [...(inner.purposes ?? []), 'monitor'] as const;
  const opened = await openSession({ model: 'gpt-realtime-2.1', ...inner, purposes });
  opened.respond('monitor');
  return opened;
};
(await openMonitored({ purposes: ['greeting'] })).respond('greeting');

// No verdict is forgotten, the session's own guards among them; no outcome either.
const verdict = session.respond('nudge', { whenBlocked: 'hold-this-turn' });
const said: string = match(verdict)
  .with({ kind: 'admit' }, () => 'spoken')
  .with({ kind: 'hold' }, ({ by }) => by.join())
  .with({ kind: 'refuse', by: 'human-takeover' }, () => 'an operator has the call')
  .with({ kind: 'refuse' }, ({ message }) => message)
  .exhaustive();
const onlyAdmitted = match(verdict).with({ kind: 'admit' }, () => 1);
// @ts-expect-error: NonExhaustiveError
onlyAdmitted.exhaustive();
const heard: string = match(await verdict.done)
  .with({ status: 'completed' }, { status: 'incomplete' }, { status: 'cancelled' }, ({ text }) => text)
  .with({ status: 'failed' }, ({ error }) => error.message ?? 'failed')
  .with({ status: 'lost' }, ({ cause }) => cause.message)
  .with({ status: 'unsent' }, ({ by }) => by)
  .exhaustive();

// A configuration that failed says how, as data.
try {
  await unconfirmed.configure(sales);
} catch (error) {
  if (!(error instanceof ConfigureError)) throw error;
  match(error.failure)
    .with({ kind: 'rejected' }, ({ param }) => param)
    .with({ kind: 'mismatch' }, ({ differences }) => differences.map(({ path }) => path).join())
    .with({ kind: 'timeout' }, { kind: 'lost' }, { kind: 'aborted' }, ({ kind }) => kind)
    .exhaustive();
}

// The test double is a real gate: what it hands out is the real capability.
const double = await simulate({ purposes: ['greeting'] });
double.server.caller.speaks('Hello?');
greet(double.session.respond);

export { desk, forged, heard, said, wide };
