import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import type { Transport } from '../../types/index.js';
import type { VirtualClock } from './clock.js';
import { virtualClock } from './clock.js';
import type { Controls } from './controls.js';
import { controlsOn } from './controls.js';
import type { MemoryOptions, Passage } from './memory.js';
import { memoryNetwork } from './memory.js';
import type { Server, ServerOptionsGiven } from './server/index.js';
import { createServer } from './server/index.js';

export interface SimulatorOptions
  extends ServerOptionsGiven, Pick<MemoryOptions, 'greeting' | 'toServerMs' | 'toClientMs'> {
  /** Default: a virtual clock of its own that runs when the program has nothing else to do. */
  readonly clock?: VirtualClock;
  /** `all` (default) keeps every frame for `sent`, `received` and `passages`; `nothing`, for long runs. */
  readonly keeps?: 'all' | 'nothing';
}

/** A simulated server in memory, and everything that can be done to it. */
export interface Simulator extends Controls {
  /** What a session connects through. Each connection without a `callId` begins an empty conversation. */
  readonly transport: Transport;
  readonly clock: VirtualClock;
  /** The machine itself, as it stands. Look at it; change it only through the methods here. */
  readonly server: Server;
  /** What it has received: the client's events, in order. */
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
  /** Both, in the order in which they were written, with their times. */
  readonly passages: readonly Passage[];
  /** The network fails: both ends lose the connection, and what was in flight. */
  drop(): void;
  /**
   * The peer falls silent: on every line that is open nothing arrives any more at either end, pings are not answered, and
   * no close follows. A line that is opened later is not affected.
   */
  stall(): void;
  /** Stops its clock. */
  stop(): void;
}

/**
 * Makes a simulated server in memory, to connect sessions to. `simulate()` does both.
 *
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
  const { clock, keeps = 'all', greeting, toServerMs, toClientMs, ...given } = options;
  const time = clock ?? virtualClock({ runs: 'when-idle' });
  const server = createServer(given);
  const passages: Passage[] = [];
  const network = memoryNetwork({
    server,
    clock: time,
    ...(greeting && { greeting }),
    ...(toServerMs && { toServerMs }),
    ...(toClientMs && { toClientMs }),
    ...(keeps === 'all' && { onPassage: (passage: Passage) => void passages.push(passage) }),
  });
  return {
    ...controlsOn(network.tell),
    transport: network.transport,
    clock: time,
    server,
    get received() {
      return eventsOf<RealtimeClientEvent>(passages, 'sent');
    },
    get sent() {
      return eventsOf<RealtimeServerEvent>(passages, 'received');
    },
    passages,
    drop: () => network.drop(),
    stall: () => network.stall(),
    stop: () => {
      time.stop();
    },
  };
}

const eventsOf = <Event>(passages: readonly Passage[], direction: Passage['direction']): readonly Event[] =>
  passages.filter((each) => each.direction === direction).map(({ text }) => JSON.parse(text) as Event);
