import type { Clock } from '../clock.js';
import type { Transport } from '../../types/index.js';
import type { Happening } from './drive.js';
import { drive } from './drive.js';
import { MemoryLine } from './memory-line.js';
import type { Greeting, Server } from './server/index.js';

/** What crossed the line, and when. */
export interface Passage {
  /** By the client: what it sent, what it received. */
  readonly direction: 'sent' | 'received';
  readonly text: string;
  /** When it was written, in milliseconds of the simulator's clock. */
  readonly at: number;
  readonly connection: string;
}

export interface MemoryOptions {
  readonly server: Server;
  readonly clock: Clock;
  /** What each connection says when it arrives. Default: the server's own model. */
  readonly greeting?: Omit<Greeting, 'connection'>;
  /** Milliseconds in flight, asked for each frame. Frames never overtake each other. Default 0. */
  readonly toServerMs?: () => number;
  readonly toClientMs?: () => number;
  /** Sees each frame as it is written. */
  readonly onPassage?: (passage: Passage) => void;
}

/** A network in memory between one server and whoever opens a line to it. */
export interface MemoryNetwork {
  readonly transport: Transport;
  /** Something happens to the server, now. */
  readonly tell: (happening: Happening) => void;
  /** Cuts every line at both ends: what is in flight is lost. */
  drop(): void;
  /**
   * Silences every line that is open: nothing arrives any more at either end, what is in flight included, pings are not
   * answered, and no close follows. A line that the client closes ends two seconds later, without a close frame.
   * Lines that are opened later are not affected.
   */
  stall(): void;
}

/** How long time goes on after a stall: longer than whoever is on a line takes to notice. Milliseconds. */
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
  const driven = drive(options.server, options.clock, (output) => lines.get(output.connection)?.carry(output));
  let count = 0;
  return {
    transport: {
      open: (ears, signal) => {
        count += 1;
        for (const each of lines.values()) if (each.isGone) lines.delete(each.id);
        const line = new MemoryLine(`connection-${count}`, ears, options, driven);
        lines.set(line.id, line);
        return line.open(signal);
      },
    },
    tell: driven.tell,
    drop: () => {
      for (const line of lines.values()) line.drop();
      lines.clear();
    },
    stall: () => {
      // Time goes on until whoever is on a line has noticed.
      options.clock.after(STALL_MS, () => undefined);
      for (const line of lines.values()) line.stall();
    },
  };
}
