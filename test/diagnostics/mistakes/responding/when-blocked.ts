/** Misspells what to do while the request is blocked. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
session.respond('nudge', { whenBlocked: 'wait' });
