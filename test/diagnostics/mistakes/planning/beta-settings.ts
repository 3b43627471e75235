/** Writes settings as the beta named them. */
import { plan } from 'gated-realtime';

// wrong:
plan({ session: { voice: 'marin' } });
