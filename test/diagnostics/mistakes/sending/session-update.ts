/** Sends `session.update`. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } });
