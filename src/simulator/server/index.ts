/** The simulated server as a pure machine: no clock, promise or socket. One input in, all outputs out. */
export { fingerprint } from './fingerprint.js';
export type { FingerprintOptions } from './fingerprint.js';
export type { HostedServer, HostedTool } from './hosted-server.js';
export { noFaults } from './faults.js';
export type { BadUpdate, Faults, NextRefused, Refusal, RefusalCode, RefusedItems } from './faults.js';
export type { TurnedAway } from './counted.js';
export type { CallerDoes, Greeting, Input, Output, Utterance } from './input.js';
export { noLatency, realisticLatency } from './options.js';
export type { Latency, ServerOptions, ServerOptionsGiven } from './options.js';
export { reply } from './reply.js';
export type { Piece, Reply, ReplyCall, ReplyItem, ReplyMcpCall, ReplyMessage } from './reply.js';
export { createServer } from './state.js';
export type { Server } from './state.js';
export { hasOnlyPings, nextDue, step } from './step.js';
export type { ClientFrame, Json, JsonObject, ServerFrame } from './wire.js';
