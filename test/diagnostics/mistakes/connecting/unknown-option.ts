/** Misspells an option. */
import { connect } from 'gated-realtime/ws';

// wrong:
await connect({ model: 'gpt-realtime-2.1', timeout: 5_000 });
