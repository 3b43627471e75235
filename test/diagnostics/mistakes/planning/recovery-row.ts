/** Misspells a row of the recovery. */
import { plan } from 'gated-realtime';

// wrong:
plan({ recovery: { 'rate-limited': { retries: 2 } } });
