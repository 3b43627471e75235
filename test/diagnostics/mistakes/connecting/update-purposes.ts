/** Declares purposes in an update. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
await session.update({ purposes: ['farewell'] });
