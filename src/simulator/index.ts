/** The simulated server: in memory on a virtual clock, on a loopback WebSocket, or as a pure machine to drive by hand. */
export { createSimulator } from './simulator.js';
export type { Simulator, SimulatorOptions } from './simulator.js';
export { expectVerdict, verdictMatchers } from './matchers.js';
export type { VerdictMatchers } from './matchers.js';
export { simulate } from './simulate.js';
export type { Simulated } from './simulate.js';
export type { Controls, ReplyOptions } from './controls.js';
export type { Caller, SpeakOptions } from './caller.js';
export { virtualClock } from './clock.js';
export type { VirtualClock, VirtualClockOptions } from './clock.js';
export { memoryNetwork } from './memory.js';
export type { MemoryNetwork, MemoryOptions, Passage } from './memory.js';
export { listen } from './socket.js';
export type { SimulatedSocket } from './socket.js';
export type { ListenOptions, SimulatedConnection, SocketFrame } from './listen-options.js';
export { parseScript } from './script.js';
export type { Script, ScriptAction, ScriptMoment, ScriptStep } from './script.js';
export { createServer } from './option-check.js';
export { fingerprint, nextDue, noFaults, noLatency, realisticLatency, reply, step } from './server/index.js';
export type {
  BadUpdate,
  CallerDoes,
  ClientFrame,
  Faults,
  FingerprintOptions,
  Greeting,
  HostedServer,
  HostedTool,
  Input,
  Json,
  JsonObject,
  Latency,
  NextRefused,
  Output,
  Piece,
  Refusal,
  RefusalCode,
  RefusedItems,
  Reply,
  ReplyCall,
  ReplyItem,
  ReplyMcpCall,
  ReplyMessage,
  Server,
  ServerFrame,
  ServerOptions,
  ServerOptionsGiven,
  TurnedAway,
  Utterance,
} from './server/index.js';
export type { Happening } from './drive.js';
