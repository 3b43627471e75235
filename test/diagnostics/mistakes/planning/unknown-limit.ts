/** Misspells a limit. */
import { plan } from 'gated-realtime';

// wrong:
plan({ limits: { maxHeld: 4 } });
