/** Puts the model into the settings of the session. */
import { plan } from 'gated-realtime';

// wrong:
plan({ session: { model: 'gpt-realtime-2.1' } });
