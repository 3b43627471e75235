/** Gives the parameters of a response and no purpose. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
session.respond({ instructions: 'Say hello.' });
