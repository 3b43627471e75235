/** Gives the parameters of a response in the place of options. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
session.respond('greeting', { instructions: 'Say hello.' });
