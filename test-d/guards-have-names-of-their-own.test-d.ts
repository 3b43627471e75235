/** A guard of one's own cannot take a built-in guard's name, nor a lapse's: a verdict's `by` stays unambiguous. */
import { expectAssignable } from 'tsd';
import { type AnySession, type BuiltInGuard, type ConfirmedSession, plan } from 'gated-realtime';
import { connect, openSession } from 'gated-realtime/ws';

const model = 'gpt-realtime-2.1';

const session = await openSession({ model, guards: { 'after-hours': (each: AnySession) => each.id === '' } });
expectAssignable<ConfirmedSession<string, BuiltInGuard | 'after-hours'>>(session);
// @ts-expect-error: Taken<"choose another name: closed is built in">
await openSession({ model, guards: { closed: () => true } });
// @ts-expect-error: Taken<"choose another name: queue-full is built in">
await openSession({ model, guards: { 'queue-full': () => true } });

plan({ guards: { takeover: () => true } });
// @ts-expect-error: Taken<"choose another name: user-speaking is built in">
plan({ guards: { 'user-speaking': () => true } });

const unconfirmed = await connect({ model });
await unconfirmed.configure({ guards: { takeover: { shut: () => true, kind: 'transient' } } });
// @ts-expect-error: Taken<"choose another name: loop is built in">
await unconfirmed.configure({ guards: { loop: { shut: () => true, kind: 'transient' } } });

// It says yes or no, at once, and of which kind it is.
// @ts-expect-error: Type 'Promise<boolean>' is not assignable to type 'boolean'.
plan({ guards: { takeover: () => Promise.resolve(true) } });
// @ts-expect-error: Type '"forever"' is not assignable to type
plan({ guards: { takeover: { shut: () => true, kind: 'forever' } } });
// It may look at the session, and has nothing to speak with.
// @ts-expect-error: Property 'respond' does not exist on type 'AnySession'.
plan({ guards: { takeover: (each) => each.respond('greeting').kind === 'admit' } });
