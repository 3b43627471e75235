/**
 * Listens to an event that does not exist.
 *
 * Why: TypeScript names the list of events, and suggests none of a list of this length.
 */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.on('response.finished', () => undefined);
