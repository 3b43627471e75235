/** Gives the farewell as text. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
await session.hangup({ farewell: 'Goodbye!' });
