/** Asks for a response in a guard. */
import { plan } from 'gated-realtime';

// wrong:
plan({ guards: { takeover: (session) => session.respond('greeting').kind === 'admit' } });
