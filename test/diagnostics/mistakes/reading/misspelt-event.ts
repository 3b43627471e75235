/** Misspells an event. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.on('response.don', () => undefined);
