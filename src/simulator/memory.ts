import type { Clock } from '../clock.js';
import { ConnectError } from '../errors.js';
import type { Ears, Line, Transport } from '../transport/transport.js';
import type { Greeting, Input, Output, Server } from './server/index.js';
import { nextDue, step } from './server/index.js';

/** What crossed the wire, and when. */
export interface Passage {
  readonly direction: 'sent' | 'received';
  readonly text: string;
  /** When it was written, in milliseconds of the simulator's clock. */
  readonly at: number;
  readonly connection: string;
}

export interface MemoryOptions {
  readonly server: Server;
  readonly clock: Clock;
  /** What each connection says when it arrives; `connection` is given. */
  readonly greeting?: Omit<Greeting, 'connection'>;
  /** Milliseconds in flight, asked for each frame. Frames never overtake each other. Default 0. */
  readonly toServerMs?: () => number;
  readonly toClientMs?: () => number;
  /** Sees each frame as it is written: `sent` by the client, `received` by it later. */
  readonly onPassage?: (passage: Passage) => void;
}

/** A network in memory between one server and whoever opens a line to it. */
export interface MemoryNetwork {
  readonly transport: Transport;
  /** Something happens to the server, now. */
  tell(input: Happening): void;
  /** Cuts every line at both ends: what is in flight is lost. */
  drop(): void;
  /** How many lines are open. */
  readonly open: number;
}

type Without<Given, Key extends string> = Given extends unknown ? Omit<Given, Key> : never;
export type Happening = Without<Input, 'now'>;

interface Wire {
  readonly id: string;
  readonly ears: Ears;
  isOpen: boolean;
  /** No frame arrives before the one written earlier. */
  toServerAt: number;
  toClientAt: number;
}

export function memoryNetwork(options: MemoryOptions): MemoryNetwork {
  const { server, clock, onPassage } = options;
  const wires = new Map<string, Wire>();
  const refusals = new Map<string, (refused: Extract<Output, { type: 'refuse' }>) => void>();
  let count = 0;
  let appointment: { readonly at: number; callOff(): void } | null = null;

  const tell = (input: Happening) => {
    const outputs = step(server, { ...input, now: clock.now() });
    for (const output of outputs) carry(output);
    wakeForNext();
  };
  const wakeForNext = () => {
    const due = nextDue(server);
    if (appointment?.at === due) return;
    appointment?.callOff();
    appointment = null;
    if (due === null) return;
    const callOff = clock.after(due - clock.now(), () => {
      appointment = null;
      tell({ type: 'tick' });
    });
    appointment = { at: due, callOff };
  };
  const carry = (output: Output) => {
    if (output.type === 'refuse') return refusals.get(output.connection)?.(output);
    const wire = wires.get(output.connection);
    if (!wire?.isOpen || output.type === 'ping') return;
    if (output.type === 'close') return later(wire, () => cut(wire, output.code, output.reason));
    const text = JSON.stringify(output.event);
    onPassage?.({ direction: 'received', text, at: clock.now(), connection: wire.id });
    later(wire, () => wire.ears.frame(text));
  };
  const later = (wire: Wire, run: () => void) => {
    wire.toClientAt = Math.max(wire.toClientAt, clock.now() + (options.toClientMs?.() ?? 0));
    clock.after(wire.toClientAt - clock.now(), () => wire.isOpen && run());
  };
  const cut = (wire: Wire, code: number | null, reason: string) => {
    if (!wire.isOpen) return;
    wire.isOpen = false;
    wires.delete(wire.id);
    wire.ears.gone({ code, reason });
  };
  const lineOf = (wire: Wire): Line => {
    const post = (run: () => void) => {
      wire.toServerAt = Math.max(wire.toServerAt, clock.now() + (options.toServerMs?.() ?? 0));
      clock.after(wire.toServerAt - clock.now(), run);
    };
    return {
      send(text) {
        if (!wire.isOpen) return;
        onPassage?.({ direction: 'sent', text, at: clock.now(), connection: wire.id });
        post(() => wire.isOpen && tell({ type: 'text', connection: wire.id, text }));
      },
      close(code, reason) {
        post(() => {
          if (!wire.isOpen) return;
          tell({ type: 'disconnect', connection: wire.id });
          later(wire, () => cut(wire, code, reason));
        });
      },
    };
  };

  const open = (ears: Ears, signal: AbortSignal): Promise<Line> => {
    count += 1;
    const id = `connection-${count}`;
    const wire: Wire = { id, ears, isOpen: true, toServerAt: clock.now(), toClientAt: clock.now() };
    return new Promise<Line>((resolve, reject) => {
      const abort = () => {
        callOff();
        reject(new ConnectError({ kind: 'aborted' }));
      };
      const callOff = clock.after((options.toServerMs?.() ?? 0) + (options.toClientMs?.() ?? 0), () => {
        signal.removeEventListener('abort', abort);
        wires.set(id, wire);
        refusals.set(id, ({ status, code, message }) => {
          wires.delete(id);
          reject(new ConnectError({ kind: 'refused', code, status, message }));
        });
        tell({ type: 'connect', connection: id, model: server.options.model, ...options.greeting });
        refusals.delete(id);
        resolve(lineOf(wire));
      });
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
  };

  return {
    transport: { open },
    tell,
    drop() {
      for (const wire of [...wires.values()]) {
        tell({ type: 'disconnect', connection: wire.id });
        cut(wire, null, '');
      }
    },
    get open() {
      return wires.size;
    },
  };
}
