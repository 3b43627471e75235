/** Does not await `configure()`. */
import type { UnconfirmedSession } from 'gated-realtime';

declare const unconfirmed: UnconfirmedSession;

const session = unconfirmed.configure({ purposes: ['greeting'] });

// wrong:
session.respond('greeting');
