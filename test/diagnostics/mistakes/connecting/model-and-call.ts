/**
 * Connects to a model and a call.
 *
 * Why: The options are a union, and of a union TypeScript names only the whole first. The lines below name
 * `callId`.
 */
import { connect } from 'gated-realtime/ws';

// wrong:
await connect({ model: 'gpt-realtime-2.1', callId: 'rtc_1' });
