/** Reports a position in seconds. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.heard({ itemId: 'item_1', seconds: 2 });
