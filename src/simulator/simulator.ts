import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Transport } from '../../types/index.js';
import type { VirtualClock } from './clock.js';
import { virtualClock } from './clock.js';
import type { Controls } from './controls.js';
import { controlsOn } from './controls.js';
import type { MemoryNetwork, MemoryOptions, Passage } from './memory.js';
import { memoryNetwork } from './memory.js';
import type { Server, ServerOptionsGiven } from './server/index.js';
import { createServer } from './server/index.js';
import { checked } from './option-check.js';
import { anything, greeting, oneOf, serverAnd } from './server/option-rules.js';
import type { Rule } from './server/schema.js';

export interface SimulatorOptions
  extends ServerOptionsGiven, Pick<MemoryOptions, 'greeting' | 'toServerMs' | 'toClientMs'> {
  /** The clock. Default: a virtual clock of its own that runs when the program has nothing else to do. */
  readonly clock?: VirtualClock;
  /** `all` (default) keeps every frame for `sent`, `received` and `passages`; `nothing` saves memory in long runs. */
  readonly keeps?: 'all' | 'nothing';
}

/** A simulated server in memory, and the controls over it. */
export interface Simulator extends Controls {
  /**
   * The transport for sessions. Each connection without a `callId` begins an empty conversation, beside those that are open.
   */
  readonly transport: Transport;
  readonly clock: VirtualClock;
  /**
   * The machine's current state, for reading. Change it only through the methods here. Of several sessions that are open at
   * once it is the one that has been open longest, to which the methods here apply as well.
   */
  readonly server: Server;
  /** The client events that the server has received, in order. */
  readonly received: readonly RealtimeClientEvent[];
  /**
   * What it has sent, in order: the server's events, as the session received them. A copy, made at each reading.
   *
   * @example
   * ```ts
   * const { session, server } = await simulate({ purposes: ['greeting'] });
   * await session.respond('greeting').done;
   * const created = server.sent.filter(({ type }) => type === 'response.created');
   * ```
   */
  readonly sent: readonly RealtimeServerEvent[];
  /** All frames in both directions, in the order in which they were written, with their times. */
  readonly passages: readonly Passage[];
  /** Breaks the network: both ends lose the connection, and everything in flight. */
  drop(): void;
  /** Stops the clock. */
  stop(): void;
}

/**
 * Makes a simulated server in memory, to connect sessions to. `simulate()` does both.
 *
 * @throws `MisuseError` for an option that nobody knows.
 * @example
 * ```ts
 * import { openSession } from 'gated-realtime';
 *
 * const server = createSimulator({ seed: 7 });
 * server.says('Good morning.');
 * const { transport, clock } = server;
 * const session = await openSession({ transport, clock, purposes: ['greeting'] });
 * ```
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { clock, keeps = 'all', greeting, toServerMs, toClientMs, ...given } = checked('The simulator', RULE, options);
  const time = clock ?? virtualClock({ runs: 'when-idle' });
  const passages: Passage[] = [];
  const network = memoryNetwork({
    server: createServer(given),
    clock: time,
    ...(greeting && { greeting }),
    ...(toServerMs && { toServerMs }),
    ...(toClientMs && { toClientMs }),
    ...(keeps === 'all' && { onPassage: (passage: Passage) => void passages.push(passage) }),
  });
  return Object.assign(new Readings(network, passages), controlsOn(network.tell), {
    transport: network.transport,
    clock: time,
    passages,
    drop: () => network.drop(),
    stop: () => {
      time.stop();
    },
  });
}

/** What is read anew each time. A class: V8 makes a dictionary of a literal with getters, and keeps what they see for long. */
class Readings implements Pick<Simulator, 'server' | 'received' | 'sent'> {
  readonly #network: MemoryNetwork;
  readonly #received: () => readonly RealtimeClientEvent[];
  readonly #sent: () => readonly RealtimeServerEvent[];

  constructor(network: MemoryNetwork, passages: readonly Passage[]) {
    this.#network = network;
    this.#received = eventsOf(passages, 'sent');
    this.#sent = eventsOf(passages, 'received');
  }

  get server(): Server {
    return this.#network.server;
  }

  get received(): readonly RealtimeClientEvent[] {
    return this.#received();
  }

  get sent(): readonly RealtimeServerEvent[] {
    return this.#sent();
  }
}

const RULE = serverAnd({
  clock: anything,
  keeps: oneOf('all', 'nothing'),
  greeting,
  toServerMs: anything,
  toClientMs: anything,
} satisfies Readonly<Record<Exclude<keyof SimulatorOptions, keyof ServerOptionsGiven>, Rule>>);

/** The events of one direction, so far. Each is parsed once, however often somebody looks. */
function eventsOf<Event>(passages: readonly Passage[], direction: Passage['direction']): () => readonly Event[] {
  const events: Event[] = [];
  let read = 0;
  return () => {
    for (const passage of passages.slice(read)) {
      if (passage.direction === direction) events.push(JSON.parse(passage.text) as Event);
    }
    read = passages.length;
    return [...events];
  };
}
