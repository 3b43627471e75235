/** Misspells an option of `hangup()`. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
await session.hangup({ goodbye: { instructions: 'Say goodbye.' } });
