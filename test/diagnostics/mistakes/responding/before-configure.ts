/** Responds before the session is configured. */
import type { UnconfirmedSession } from 'gated-realtime';

declare const unconfirmed: UnconfirmedSession;

// wrong:
unconfirmed.respond('greeting');
