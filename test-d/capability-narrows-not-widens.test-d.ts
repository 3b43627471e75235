/** Who may ask for much may be given to who asks for little; never the other way round. */
import { expectAssignable, expectNotAssignable } from 'tsd';
import type { AnySession, BuiltInGuard, ConfirmedSession, Respond, Verdict } from 'gated-realtime';

declare const both: ConfirmedSession<'greeting' | 'nudge', BuiltInGuard>;
declare const one: ConfirmedSession<'greeting', BuiltInGuard | 'after-hours'>;
declare const free: ConfirmedSession<string, BuiltInGuard>;

expectAssignable<Respond<'greeting'>>(both.respond);
expectAssignable<Respond<'greeting'>>(free.respond);
expectNotAssignable<Respond<'greeting' | 'nudge'>>(one.respond);

const narrowed: Respond<'greeting'> = both.respond;
// @ts-expect-error: is not assignable to type 'Respond<"greeting" | "nudge"
const regained: Respond<'greeting' | 'nudge'> = narrowed;
// @ts-expect-error: is not assignable to type 'Respond<string
const widened: Respond<string> = narrowed;

// With the session as with its capability.
expectAssignable<ConfirmedSession<'greeting'>>(both);
expectAssignable<AnySession>(one);
expectNotAssignable<ConfirmedSession<'greeting' | 'nudge'>>(one);
declare const unknownPurposes: AnySession;
both.respond('greeting');
// @ts-expect-error: Property 'respond' does not exist on type 'AnySession'.
unknownPurposes.respond('greeting');

// Guards go the other way: a reader of all verdicts reads those of fewer guards.
expectAssignable<Verdict<BuiltInGuard | 'after-hours'>>(both.respond('greeting'));
expectNotAssignable<Verdict<BuiltInGuard>>(one.respond('greeting'));
expectNotAssignable<Respond<'greeting', BuiltInGuard>>(one.respond);

export { regained, widened };
