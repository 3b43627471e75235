/** Writes `await using` where the library of disposal is not known. */
import { openSession } from 'gated-realtime/ws';

// wrong:
await using session = await openSession({ model: 'gpt-realtime-2.1' });

session.interrupt();
