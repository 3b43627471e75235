/** gated-realtime: the main entry point. Runs on every runtime that has a transport. */
export type * from '../types/index.js';
export { ConfigureError, ConnectError, MisuseError, PeerError, TransportError } from './errors.js';
export { plan, userMessage } from './helpers.js';
export { connect, openSession } from './session/connect.js';
export { sharedBudget, type SharedBudget } from './session/shared-budget.js';
export { sessionParameters } from './session/plan.js';
export { costOfUsage as costOf } from './money/cost.js';
export { prices, publishedPrices } from './money/prices.js';
export { logTo } from './observe/log.js';
export { jsonSchema, tool } from './tool.js';
