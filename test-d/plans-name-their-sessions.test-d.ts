/** A plan written down once gives its session a name; so does a function that makes one. */
import { expectType } from 'tsd';
import { type BuiltInGuard, type ConfirmedSession, jsonSchema, plan, type SessionOf, tool } from 'gated-realtime';
import { connect, openSession } from 'gated-realtime/ws';

const endCall = tool({ name: 'end_call', description: '', parameters: jsonSchema({}), run: () => null });
const sales = plan({ purposes: ['greeting'], tools: [endCall], guards: { takeover: () => false } });
const salesFor = (name: string) => plan({ session: { instructions: name }, purposes: ['greeting', 'nudge'] });

expectType<ConfirmedSession<'greeting' | 'tool:end_call', BuiltInGuard | 'takeover'>>({} as SessionOf<typeof sales>);
expectType<ConfirmedSession<'greeting' | 'nudge', BuiltInGuard>>({} as SessionOf<typeof salesFor>);

// What is no plan names no session: whoever uses it is told why.
declare const unnamed: SessionOf<'sales'>;
// @ts-expect-error: Advice<"give it the type of a plan: SessionOf<typeof plan>">
unnamed.respond('greeting');

// Both ways to open it give what the name says.
const unconfirmed = await connect({ model: 'gpt-realtime-2.1' });
expectType<SessionOf<typeof sales>>(await unconfirmed.configure(sales));
expectType<SessionOf<typeof sales>>(await openSession({ model: 'gpt-realtime-2.1', ...sales }));

// A plan says what is in it: the model and the tools have their own places.
plan({ session: { instructions: 'Be brief.' } });
// @ts-expect-error: 'model' does not exist in type 'SessionSettings'.
plan({ session: { model: 'gpt-realtime-2.1' } });
// @ts-expect-error: 'tools' does not exist in type 'SessionSettings'.
plan({ session: { tools: [] } });
// @ts-expect-error: 'purpose' does not exist in type 'SessionPlan<
plan({ purpose: ['greeting'] });
