import type { Clock } from '../clock.js';
import { ConnectError } from '../errors.js';
import type { Ears, Line, Transport } from '../../types/index.js';
import type { Drive, Happening } from './drive.js';
import { drive } from './drive.js';
import type { Greeting, Output, Server } from './server/index.js';

/** What crossed the wire, and when. */
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
}

export function memoryNetwork(options: MemoryOptions): MemoryNetwork {
  const wires = new Map<string, Wire>();
  const driven = drive(options.server, options.clock, (output) => wires.get(output.connection)?.carry(output));
  let count = 0;
  return {
    transport: {
      open: (ears, signal) => {
        count += 1;
        for (const each of wires.values()) if (each.isGone) wires.delete(each.id);
        const wire = new Wire(`connection-${count}`, ears, options, driven);
        wires.set(wire.id, wire);
        return wire.open(signal);
      },
    },
    tell: driven.tell,
    drop: () => {
      for (const wire of wires.values()) wire.drop();
      wires.clear();
    },
  };
}

/** One connection: two lanes, each in order, each with its own delay. */
class Wire implements Line {
  readonly id: string;
  readonly #ears: Ears;
  readonly #options: MemoryOptions;
  readonly #drive: Drive;
  readonly #toServer: (run: () => void) => void;
  readonly #toClient: (run: () => void) => void;
  #state: 'opening' | 'open' | 'closing' | 'gone' = 'opening';
  #refused: ConnectError | null = null;

  constructor(id: string, ears: Ears, options: MemoryOptions, driven: Drive) {
    this.id = id;
    this.#ears = ears;
    this.#options = options;
    this.#drive = driven;
    this.#toServer = lane(options.clock, options.toServerMs);
    this.#toClient = lane(options.clock, options.toClientMs);
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  open(signal: AbortSignal): Promise<Line> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#leave();
        reject(new ConnectError({ kind: 'aborted' }));
      };
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      this.#toServer(() => {
        if (this.#state !== 'opening') return;
        signal.removeEventListener('abort', abort);
        this.#arrive();
        if (this.#refused) reject(this.#refused);
        else resolve(this);
      });
    });
  }

  send(text: string): void {
    if (this.#state !== 'open') return;
    this.#passes('sent', text);
    this.#toServer(() => this.#drive.tell({ type: 'text', connection: this.id, text }));
  }

  close(code: number, reason: string): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#toServer(() => {
      this.#drive.tell({ type: 'disconnect', connection: this.id });
      this.#toClient(() => this.#end(code, reason));
    });
  }

  /** What the server has for this connection. */
  carry(output: Output): void {
    if (this.#state === 'gone' || output.type === 'ping') return;
    if (output.type === 'refuse') {
      const { status, code, message } = output;
      this.#state = 'gone';
      this.#refused = new ConnectError({ kind: 'refused', code, status, message });
    } else if (output.type === 'close') {
      this.#toClient(() => this.#end(output.code, output.reason));
    } else {
      const text = JSON.stringify(output.event);
      this.#passes('received', text);
      this.#toClient(() => {
        if (this.#state !== 'gone') this.#ears.frame(text);
      });
    }
  }

  drop(): void {
    this.#leave();
    this.#end(null, '');
  }

  #arrive(): void {
    this.#state = 'open';
    const { server, greeting } = this.#options;
    this.#drive.tell({ type: 'connect', connection: this.id, ...(greeting ?? { model: server.options.model }) });
  }

  #leave(): void {
    this.#drive.tell({ type: 'disconnect', connection: this.id });
    if (this.#state === 'opening') this.#state = 'gone';
  }

  #end(code: number | null, reason: string): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.#ears.gone({ code, reason });
  }

  #passes(direction: Passage['direction'], text: string): void {
    this.#options.onPassage?.({ direction, text, at: this.#options.clock.now(), connection: this.id });
  }
}

/** What is put on a lane happens in order, each thing as late as its delay says, or as the one before it. */
function lane(clock: Clock, delayMs: () => number = () => 0): (run: () => void) => void {
  let lastAt = 0;
  return (run) => {
    lastAt = Math.max(lastAt, clock.now() + delayMs());
    clock.after(lastAt - clock.now(), run);
  };
}
