/** Asks for a response of a session that is known without its purposes. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.respond('greeting');
