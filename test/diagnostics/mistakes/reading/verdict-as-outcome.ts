/** Takes a verdict for an outcome. */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

const outcome = session.respond('greeting');

// wrong:
if (outcome.status === 'completed') console.log(outcome);
