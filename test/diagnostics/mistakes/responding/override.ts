/** Overrides a guard that cannot be overridden. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
session.respond('nudge', { override: ['hangup-pending'] });
