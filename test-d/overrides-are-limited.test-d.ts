/** Three guards may be overridden, by name. The others belong to the server and the hang-up. */
import { expectAssignable, expectNotAssignable, expectType } from 'tsd';
import type { BuiltInGuard, ConfirmedSession, OverridableGuard, TerminalGuard, TransientGuard } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting'>;

expectType<'user-speaking' | 'playback' | 'loop'>({} as OverridableGuard);
expectAssignable<BuiltInGuard>({} as OverridableGuard);
expectNotAssignable<OverridableGuard>({} as TransientGuard);
expectNotAssignable<OverridableGuard>({} as TerminalGuard);

session.respond('greeting', { override: ['user-speaking', 'playback', 'loop'] });
// @ts-expect-error: Type '"closed"' is not assignable to type 'OverridableGuard'.
session.respond('greeting', { override: ['closed'] });
// @ts-expect-error: Type '"closing"' is not assignable to type 'OverridableGuard'.
session.respond('greeting', { override: ['closing'] });
// @ts-expect-error: Type '"hangup-pending"' is not assignable to type 'OverridableGuard'.
session.respond('greeting', { override: ['hangup-pending'] });
// @ts-expect-error: Type '"unconfirmed"' is not assignable to type 'OverridableGuard'.
session.respond('greeting', { override: ['unconfirmed'] });
// @ts-expect-error: Type '"response-imminent"' is not assignable to type 'OverridableGuard'.
session.respond('greeting', { override: ['response-imminent'] });
// @ts-expect-error: Type '"response-active"' is not assignable to type 'OverridableGuard'.
session.respond('greeting', { override: ['response-active'] });

// The slot is taken by interrupting who has it, which is a word of its own, and cannot be said as a doubt.
session.respond('greeting', { interrupt: true });
// @ts-expect-error: Type 'false' is not assignable to type 'true'.
session.respond('greeting', { interrupt: false });
// @ts-expect-error: 'force' does not exist in type 'RespondOptions'.
session.respond('greeting', { force: true });
