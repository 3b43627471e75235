/** What is refused to whoever writes types down. */
import type { AnySession, Respond, Verdict } from 'gated-realtime';
import type { openSession } from 'gated-realtime/ws';

declare const refusal: Verdict;
declare const sessions: Map<string, AnySession>;
declare const session: Awaited<ReturnType<typeof openSession<'greeting'>>>;

// @ts-expect-error: Property '[issuedBySession]' is missing
export const forged: Respond<'greeting'> = (): Verdict => refusal;
// @ts-expect-error: is not assignable to type 'Respond<string
export const wide: Respond<string> = session.respond;
// @ts-expect-error: Property 'respond' does not exist on type 'AnySession'.
sessions.get('a')!.respond('greeting');
