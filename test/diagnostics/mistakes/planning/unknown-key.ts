/** Misspells a key of a plan. */
import { plan } from 'gated-realtime';

// wrong:
plan({ purpose: ['greeting'] });
