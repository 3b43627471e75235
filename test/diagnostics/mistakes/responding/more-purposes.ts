/** Gives a session to a function that needs a purpose more. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting'>;
declare function remind(session: ConfirmedSession<'greeting' | 'nudge'>): void;

// wrong:
remind(session);
