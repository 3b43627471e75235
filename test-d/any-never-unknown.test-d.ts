/** The three types that pass for others: what they do to ours, and what no type can stop. */
import { expectNotAssignable, expectType } from 'tsd';
import type { AnySession, AnyTool, ConfirmedSession, SendableEvent, SessionOf, ToolPurpose } from 'gated-realtime';
import type { IsAny, IsNever } from 'type-fest';

// Ours are none of the three, whatever is or is not installed.
expectType<false>({} as IsAny<SendableEvent>);
expectType<false>({} as IsNever<SendableEvent>);
expectType<false>({} as IsAny<ConfirmedSession<'greeting'>['respond']>);

expectType<true>({} as IsNever<SessionOf<never>>);
expectNotAssignable<AnySession>({} as SessionOf<unknown>);
expectType<true>({} as IsNever<ToolPurpose<never>>);
expectType<false>({} as IsAny<ToolPurpose<readonly AnyTool[]>>);

declare const session: ConfirmedSession<'greeting'>;
declare const something: unknown;
// @ts-expect-error: OneEvent<"look at its type first
session.send(something);
// @ts-expect-error: Argument of type 'unknown' is not assignable to parameter of type '"greeting"'.
session.respond(something);

// A session of no purpose cannot respond at all.
declare const mute: ConfirmedSession<never>;
// @ts-expect-error: is not assignable to parameter of type 'never'.
mute.respond('greeting');

// These compile. The gate meets them at run time.
declare const anything: any;
session.send(anything);
session.respond(anything);
session.send({ type: 'response.create' } as never);
