/** Misspells an option of `once()`. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
await session.once('response.done', { timeout: 5_000 });
