/** `respond` is issued by a session. Nothing that is built, wrapped or guessed passes for it. */
import { expectNotAssignable } from 'tsd';
import type { ConfirmedSession, Respond, RespondAs, Verdict } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting'>;
declare const verdict: Verdict;

const issued: Respond<'greeting'> = session.respond;
// @ts-expect-error: Property '[issuedBySession]' is missing
const built: Respond<'greeting'> = (): Verdict => verdict;

// Calling it from a function of one's own is fine; the function is then no capability.
const greet = (): Verdict => issued('greeting');
// @ts-expect-error: Property '[issuedBySession]' is missing
const wrapped: RespondAs = greet;

// @ts-expect-error: Property '[issuedBySession]' is missing
const signed: Respond<'greeting'> = Object.assign(greet, { issuedBySession: true });

expectNotAssignable<Respond<'greeting'>>((): Verdict => verdict);
expectNotAssignable<Respond<'greeting'>>({ issuedBySession: true });
// A tool's capability and a session's are two, whatever they have in common.
expectNotAssignable<RespondAs>(session.respond);

export { built, signed, wrapped };
