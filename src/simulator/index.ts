/** The simulated server: in memory on a virtual clock, or as a pure machine to be driven by hand. */
export type { Caller, SpeakOptions } from './caller.js';
export { virtualClock } from './clock.js';
export type { VirtualClock, VirtualClockOptions } from './clock.js';
export { memoryNetwork } from './memory.js';
export type { MemoryNetwork, MemoryOptions, Passage } from './memory.js';
export type { Happening } from './drive.js';
export * from './server/index.js';
export { createSimulator } from './simulator.js';
export type { ReplyOptions, Simulator, SimulatorOptions } from './simulator.js';
export { simulate } from './simulate.js';
export type { Simulated } from './simulate.js';
