/** Asks for a purpose that is any string. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;
declare const purpose: string;

// wrong:
session.respond(purpose);
