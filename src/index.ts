/** gated-realtime: the front door. Runs wherever there is a transport. */
export type * from '../types/index.js';
export { ConfigureError, ConnectError, MisuseError, PeerError, TransportError } from './errors.js';
export { plan, userMessage } from './helpers.js';
export { connect, openSession } from './session/connect.js';
export { sessionParameters } from './session/plan.js';
export { costOf, prices, type Price } from './prices.js';
export { jsonSchema, tool } from './tool.js';
