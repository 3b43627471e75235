/** Overrides the slot, which only `interrupt` takes. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
session.respond('nudge', { override: ['response-active'] });
