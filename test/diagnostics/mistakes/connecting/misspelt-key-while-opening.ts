/** Misspells a key of the plan while opening a session. */
import { openSession } from 'gated-realtime/ws';

// wrong:
await openSession({ model: 'gpt-realtime-2.1', purpose: ['greeting'] });
