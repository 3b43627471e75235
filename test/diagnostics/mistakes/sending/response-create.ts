/** Sends `response.create`. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.send({ type: 'response.create' });
