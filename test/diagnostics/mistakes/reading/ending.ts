/** Takes a property of an ending that may not have it. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
console.log((await session.closed).reason);
