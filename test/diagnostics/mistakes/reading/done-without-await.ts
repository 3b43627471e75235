/** Does not await `done`. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
console.log(session.respond('greeting').done.status);
