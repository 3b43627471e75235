/** Gives a function the `respond` of a session with other purposes. */
import type { ConfirmedSession, Respond } from 'gated-realtime';

declare const session: ConfirmedSession<'farewell'>;
declare function greet(respond: Respond<'greeting'>): void;

// wrong:
greet(session.respond);
