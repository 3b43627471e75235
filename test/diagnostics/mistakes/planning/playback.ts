/**
 * Says `waits: false`.
 *
 * Why: TypeScript shows the one value that is allowed. Leave the option out.
 */
import { plan } from 'gated-realtime';

// wrong:
plan({ playback: { waits: false } });
