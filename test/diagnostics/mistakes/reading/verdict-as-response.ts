/** Takes a verdict for a response. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
session.respond('greeting').cancel();
