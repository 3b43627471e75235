/** Writes an `accept` that returns a promise. */
import { plan } from 'gated-realtime';

// wrong:
plan({ accept: async () => true });
