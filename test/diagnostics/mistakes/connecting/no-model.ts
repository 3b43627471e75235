/**
 * Connects to no model and no call.
 *
 * Why: The options are a union, and of a union TypeScript names only the whole first. The hover of
 * `WsConnectOptions` says what it takes.
 */
import { connect } from 'gated-realtime/ws';

// wrong:
await connect({});
