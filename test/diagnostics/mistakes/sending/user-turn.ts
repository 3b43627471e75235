/** Misspells the edge of a turn. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.userTurn('start');
