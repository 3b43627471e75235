/** The public contract, in ten minutes: verdict, response, events, tool, plan, failure, session. */
export type * from './budget.js';
export type * from './connect.js';
export type * from './decision.js';
export type * from './events.js';
export type * from './failure.js';
export type * from './ledger.js';
export type * from './logging.js';
export type * from './money.js';
export type * from './observe.js';
export type * from './plan.js';
export type * from './reconnect.js';
export type * from './recovery.js';
export type * from './response.js';
export type * from './session.js';
export type * from './state.js';
export type * from './tool.js';
export type * from './transport.js';
export type * from './verdict.js';
/** The SDK's names of events and settings, which ours show: whoever re-exports ours can write them down. */
export type * from 'openai/resources/realtime/realtime';
