/** Configures a confirmed session again. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
await session.configure({ purposes: ['greeting'] });
