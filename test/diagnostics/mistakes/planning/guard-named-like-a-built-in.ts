/** Names a guard like one that is built in. */
import { plan } from 'gated-realtime';

// wrong:
plan({ guards: { 'user-speaking': () => true } });
