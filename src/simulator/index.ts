/** The simulated server: in memory on a virtual clock, on a loopback WebSocket, or as a pure machine to drive by hand. */
export type { Caller, SpeakOptions } from './caller.js';
export { virtualClock } from './clock.js';
export type { VirtualClock, VirtualClockOptions } from './clock.js';
export { memoryNetwork } from './memory.js';
export type { MemoryNetwork, MemoryOptions, Passage } from './memory.js';
export type { Happening } from './drive.js';
export * from './server/index.js';
export { createSimulator } from './simulator.js';
export type { Simulator, SimulatorOptions } from './simulator.js';
export type { Controls, ReplyOptions } from './controls.js';
export { simulate } from './simulate.js';
export type { Simulated } from './simulate.js';
export { listen } from './socket.js';
export type { ListenOptions, SimulatedConnection, SimulatedSocket } from './socket.js';
export type { SocketFrame } from './socket-session.js';
export { createVad, hear } from './vad.js';
export type { SpeechEdge, Vad, VadSettings } from './vad.js';
