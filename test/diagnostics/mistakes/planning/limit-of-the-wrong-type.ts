/** Gives a limit as text. */
import { plan } from 'gated-realtime';

// wrong:
plan({ limits: { holdForMs: '15s' } });
