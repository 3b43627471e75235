import type { Clock } from '../clock.js';
import { ConnectError } from '../errors.js';
import type { Ears, Line } from '../../types/index.js';
import type { Drive } from './drive.js';
import type { MemoryOptions, Passage } from './memory.js';
import type { Output } from './server/index.js';
import { textOf } from './server/frame-text.js';

/** How long a client waits for the close frame of a silent peer, in milliseconds. */
const stalledCloseMs = 2000;

/** One connection: two directions, each in order, each with its own delay. */
export class MemoryLine implements Line {
  readonly id: string;
  readonly #ears: Ears;
  readonly #options: MemoryOptions;
  readonly #drive: Drive;
  readonly #toServer: Lane;
  readonly #toClient: Lane;
  #state: 'opening' | 'open' | 'closing' | 'gone' = 'opening';
  #peer: 'answers' | 'silent' = 'answers';
  #unsentBytes = 0;
  #refused: { readonly error: ConnectError; readonly afterMs: number } | null = null;

  constructor(id: string, ears: Ears, options: MemoryOptions, driven: Drive) {
    this.id = id;
    this.#ears = ears;
    this.#options = options;
    this.#drive = driven;
    this.#toServer = this.#unlessStalled(lane(options.clock, options.toServerMs));
    this.#toClient = this.#unlessStalled(lane(options.clock, options.toClientMs));
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
        this.#arrive();
        const settle = () => {
          signal.removeEventListener('abort', abort);
          if (this.#refused) reject(this.#refused.error);
          else resolve(this);
        };
        if (this.#refused && this.#refused.afterMs > 0) this.#options.clock.after(this.#refused.afterMs, settle);
        else settle();
      });
    });
  }

  send(text: string): void {
    if (this.#state !== 'open') return;
    this.#passes('sent', text);
    if (this.#peer === 'silent') this.#unsentBytes += Buffer.byteLength(text);
    this.#toServer(() => this.#drive.tell({ type: 'text', connection: this.id, text }));
  }

  ping(): void {
    if (this.#state !== 'open') return;
    this.#toServer(() => this.#tellAlive());
  }

  /** The bytes sent since the peer fell silent; before that, the network accepts everything at once. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  close(code: number, reason: string): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    if (this.#peer === 'silent') this.#options.clock.after(stalledCloseMs, () => this.#end(null, ''));
    this.#toServer(() => {
      this.#drive.tell({ type: 'disconnect', connection: this.id });
      this.#toClient(() => this.#end(code, reason));
    });
  }

  /** Carries the server's output to this connection. */
  carry(output: Output): void {
    if (this.#state === 'gone') return;
    if (output.type === 'ping') this.#tellAlive();
    else if (output.type === 'stall') this.#stall();
    else if (output.type === 'refuse') {
      const { status, code, message, afterMs } = output;
      this.#state = 'gone';
      this.#refused = { error: new ConnectError({ kind: 'refused', code, status, message }), afterMs };
    } else if (output.type === 'close') {
      this.#toClient(() => this.#end(output.code, output.reason));
    } else {
      const text = textOf(output.event);
      this.#passes('received', text);
      this.#toClient(() => {
        if (this.#state !== 'gone') this.#ears.frame(text);
      });
    }
  }

  #stall(): void {
    this.#peer = 'silent';
    if (this.#state === 'closing') this.#options.clock.after(stalledCloseMs, () => this.#end(null, ''));
  }

  drop(): void {
    this.#leave();
    this.#end(null, '');
  }

  #tellAlive(): void {
    this.#toClient(() => {
      if (this.#state !== 'gone') this.#ears.alive?.();
    });
  }

  #unlessStalled(carry: Lane): Lane {
    return (run) => {
      carry(() => {
        if (this.#peer === 'answers') run();
      });
    };
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

/** One direction of a connection. */
type Lane = (run: () => void) => void;

/** Makes a lane: what is put on it runs in order, each entry after its delay and never before the one ahead of it. */
function lane(clock: Clock, delayMs: () => number = () => 0): Lane {
  let lastAt = 0;
  return (run) => {
    lastAt = Math.max(lastAt, clock.now() + delayMs());
    clock.after(lastAt - clock.now(), run);
  };
}
