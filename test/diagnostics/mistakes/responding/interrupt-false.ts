/**
 * Says `interrupt: false`.
 *
 * Why: TypeScript shows the one value that is allowed. Leave the option out.
 */
import type { ConfirmedSession } from 'gated-realtime';

declare const session: ConfirmedSession<'greeting' | 'nudge'>;

// wrong:
session.respond('nudge', { interrupt: false });
