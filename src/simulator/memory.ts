import type { Clock } from '../clock.js';
import type { Transport } from '../../types/index.js';
import type { Happening } from './drive.js';
import { MemoryLine } from './memory-line.js';
import { Sessions } from './sessions.js';
import type { Greeting, Server } from './server/index.js';

/** A frame on the connection, and when it was written. */
export interface Passage {
  /** From the client's point of view: sent or received. */
  readonly direction: 'sent' | 'received';
  readonly text: string;
  /** When it was written, in milliseconds of the simulator's clock. */
  readonly at: number;
  readonly connection: string;
}

export interface MemoryOptions {
  readonly server: Server;
  readonly clock: Clock;
  /** The greeting of each new connection. Default: one with the server's own model. */
  readonly greeting?: Omit<Greeting, 'connection'>;
  /**
   * Returns the delay of a frame in milliseconds, called for each frame. Frames never overtake each other. Default 0.
   */
  readonly toServerMs?: () => number;
  readonly toClientMs?: () => number;
  /** Called with each frame as it is written. */
  readonly onPassage?: (passage: Passage) => void;
}

/** An in-memory network between a server and the clients that connect to it. */
export interface MemoryNetwork {
  readonly transport: Transport;
  /**
   * The machine of the session that has been open longest. Each connection beside an open one has a session, and so a machine,
   * of its own.
   */
  readonly server: Server;
  /** Passes an input to that machine, now; faults and hosted servers are told to all of them. */
  readonly tell: (happening: Happening) => void;
  /** Cuts every connection at both ends, and loses what is in flight. */
  drop(): void;
  /**
   * Silences every open connection: nothing arrives any more at either end, not even what is in flight; pings are not
   * answered, and no close follows. A connection that the client closes ends two seconds later, without a close frame.
   * Later connections are not affected.
   */
  stall(): void;
}

/** How long virtual time runs on after a stall, in milliseconds: long enough for a session to notice. */
const STALL_MS = 120_000;

/**
 * Connects sessions to a simulated server that is driven by hand. `createSimulator()` does it for you.
 *
 * @example
 * ```ts
 * import { openSession } from 'gated-realtime';
 *
 * const time = virtualClock({ runs: 'when-idle' });
 * const { transport } = memoryNetwork({ server: createServer(), clock: time });
 * const session = await openSession({ transport, clock: time });
 * ```
 */
export const memoryNetwork = (options: MemoryOptions): MemoryNetwork => new Network(options);

class Network implements MemoryNetwork {
  readonly #lines = new Map<string, MemoryLine>();
  readonly #options: MemoryOptions;
  readonly #sessions: Sessions;
  #count = 0;

  constructor(options: MemoryOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options.server, options.clock, (output) =>
      this.#lines.get(output.connection)?.carry(output),
    );
  }

  get server(): Server {
    return this.#sessions.current;
  }

  readonly transport: Transport = {
    open: (ears, signal) => {
      this.#count += 1;
      for (const each of this.#lines.values()) if (each.isGone) this.#lines.delete(each.id);
      const line = new MemoryLine(`connection-${this.#count}`, ears, this.#options, this.#sessions.forOne());
      this.#lines.set(line.id, line);
      return line.open(signal);
    },
  };

  readonly tell = (happening: Happening): void => {
    // Keeps virtual time running until the sessions have noticed.
    if (happening.type === 'stall') this.#options.clock.after(STALL_MS, () => undefined);
    this.#sessions.tell(happening);
  };

  readonly drop = (): void => {
    for (const line of this.#lines.values()) line.drop();
    this.#lines.clear();
  };

  readonly stall = (): void => this.tell({ type: 'stall' });
}
