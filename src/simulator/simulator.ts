import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Transport } from '../transport/transport.js';
import type { Caller } from './caller.js';
import { callerOn } from './caller.js';
import type { VirtualClock } from './clock.js';
import { virtualClock } from './clock.js';
import type { MemoryOptions, Passage } from './memory.js';
import { memoryNetwork } from './memory.js';
import type { Faults, Reply, ReplyItem, Server, ServerFrame, ServerOptionsGiven } from './server/index.js';
import { createServer } from './server/index.js';

export interface SimulatorOptions
  extends ServerOptionsGiven, Pick<MemoryOptions, 'greeting' | 'toServerMs' | 'toClientMs'> {
  /** Default: a virtual clock of its own that runs when the program has nothing else to do. */
  readonly clock?: VirtualClock;
  /** `all` (default) keeps every frame for `sent`, `received` and `passages`; `nothing`, for long runs. */
  readonly keeps?: 'all' | 'nothing';
}

/** How one answer ends, where it does not simply complete. */
export type ReplyOptions = Omit<Reply, 'items'>;

/** A simulated server in memory, and everything that can be done to it. */
export interface Simulator {
  /** What a session connects through. Each connection without a `callId` begins an empty conversation. */
  readonly transport: Transport;
  readonly clock: VirtualClock;
  readonly caller: Caller;
  /** The machine itself, as it stands. Look at it; change it only through the methods here. */
  readonly server: Server;
  /** Queues one spoken (or written) answer. */
  says(text: string, options?: ReplyOptions & { readonly ms?: number }): void;
  /** Queues one answer that calls a function. `args` is turned into JSON unless it is text already. */
  calls(name: string, args?: unknown, options?: ReplyOptions): void;
  /** Queues one answer of any shape: several items, a failure, exact pieces. */
  replies(reply: Reply): void;
  /** Queues an answer that fails with this code, e.g. `server_error` or `rate_limit_exceeded`. */
  fails(code: string, message?: string): void;
  /** Changes how it misbehaves, from now on. */
  misbehaves(faults: Partial<Faults>): void;
  /** Sends any event, whatever the rules say. */
  injects(event: ServerFrame): void;
  /** What it has received: the client's events, in order. */
  readonly received: readonly RealtimeClientEvent[];
  /** What it has sent, in order. */
  readonly sent: readonly RealtimeServerEvent[];
  /** Both, in the order in which they were written, with their times. */
  readonly passages: readonly Passage[];
  /** The network fails: both ends lose the connection, and what was in flight. */
  drop(): void;
  /** The session's hour is over. */
  expire(): void;
  /** The caller hangs up. */
  hangUp(): void;
  /** The sockets die without a close frame, after what is in flight has arrived. */
  die(): void;
  /** Stops its clock. */
  stop(): void;
}

export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const {
    clock = virtualClock({ runs: 'when-idle' }),
    keeps = 'all',
    greeting,
    toServerMs,
    toClientMs,
    ...given
  } = options;
  const server = createServer(given);
  const passages: Passage[] = [];
  const network = memoryNetwork({
    server,
    clock,
    ...(greeting && { greeting }),
    ...(toServerMs && { toServerMs }),
    ...(toClientMs && { toClientMs }),
    ...(keeps === 'all' && { onPassage: (passage: Passage) => void passages.push(passage) }),
  });
  const { tell } = network;
  const queue = (items: readonly ReplyItem[], rest: ReplyOptions = {}) =>
    tell({ type: 'reply', reply: { items, ...rest } });
  return {
    transport: network.transport,
    clock,
    caller: callerOn(tell),
    server,
    says: (text, { ms, ...rest } = {}) => queue([{ says: text, ...(ms !== undefined && { ms }) }], rest),
    calls: (name, args = {}, rest) => queue([{ calls: name, args: asJson(args) }], rest),
    replies: (reply) => tell({ type: 'reply', reply }),
    fails: (code, message) => queue([], { status: 'failed', code, ...(message !== undefined && { message }) }),
    misbehaves: (faults) => tell({ type: 'faults', faults }),
    injects: (event) => tell({ type: 'inject', event }),
    get received() {
      return eventsOf<RealtimeClientEvent>(passages, 'sent');
    },
    get sent() {
      return eventsOf<RealtimeServerEvent>(passages, 'received');
    },
    passages,
    drop: () => network.drop(),
    expire: () => tell({ type: 'expire' }),
    hangUp: () => tell({ type: 'hang-up' }),
    die: () => tell({ type: 'die' }),
    stop: () => clock.stop(),
  };
}

const asJson = (args: unknown): string => (typeof args === 'string' ? args : JSON.stringify(args));

const eventsOf = <Event>(passages: readonly Passage[], direction: Passage['direction']): readonly Event[] =>
  passages.filter((each) => each.direction === direction).map(({ text }) => JSON.parse(text) as Event);
