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
export function memoryNetwork(options: MemoryOptions): MemoryNetwork {
  const lines = new Map<string, MemoryLine>();
  const sessions = new Sessions(options.server, options.clock, (output) => lines.get(output.connection)?.carry(output));
  const tell = (happening: Happening): void => {
    // Keeps virtual time running until the sessions have noticed.
    if (happening.type === 'stall') options.clock.after(STALL_MS, () => undefined);
    sessions.tell(happening);
  };
  let count = 0;
  return {
    get server() {
      return sessions.current;
    },
    transport: {
      open: (ears, signal) => {
        count += 1;
        for (const each of lines.values()) if (each.isGone) lines.delete(each.id);
        const line = new MemoryLine(`connection-${count}`, ears, options, sessions.forOne());
        lines.set(line.id, line);
        return line.open(signal);
      },
    },
    tell,
    drop: () => {
      for (const line of lines.values()) line.drop();
      lines.clear();
    },
    stall: () => tell({ type: 'stall' }),
  };
}
