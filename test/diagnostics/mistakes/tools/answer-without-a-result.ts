/** Answers a call without a result. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.answer('call_1');
