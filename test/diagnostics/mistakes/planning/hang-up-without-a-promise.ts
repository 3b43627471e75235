/** Writes a `hangUp` that returns nothing. */
import { plan } from 'gated-realtime';

declare const carrier: { end(): void };

// wrong:
plan({ hangUp: () => carrier.end() });
