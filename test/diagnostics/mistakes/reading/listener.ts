/** Takes a property that the event does not have. */
import type { AnySession } from 'gated-realtime';

declare const session: AnySession;

// wrong:
session.on('audio', ({ delta }) => delta);
