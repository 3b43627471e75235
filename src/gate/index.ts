/** Decides. Pure: no clock, promise, socket or console; the compiler keeps it so. */
export { OVERRIDE, PURPOSE, TOKEN } from './create.js';
export type { Effects, Notice } from './effects.js';
export { anyone, guards, shutFor } from './guards.js';
export { at, isRecord, listOf, textOf, type Json } from './read.js';
export { createGate } from './state.js';
export type { Ask, ClientEvent, Gate, Rules, ServerEvent, Update } from './state.js';
export { step, type Input } from './step.js';
export { dimensions, patience, requestLife, responseLife, transcribedTurn, type Fact } from './table.js';
