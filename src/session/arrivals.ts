import type { Ears, Gone } from '../../types/index.js';
import type { Clock } from '../clock.js';
import { Inbox } from './inbox.js';
import { type Brought, FIRST, Lines } from './lines.js';
import type { Outbound } from './outbound.js';

/** Who is told what arrives. */
interface Outlets {
  /** Whether arrivals wait: listeners are being notified, or a frame is being written. */
  isBusy(): boolean;
  tick(): void;
  frame(frame: string | Uint8Array, line: number): void;
  alive(line: number): void;
  ended(what: Exclude<Brought, string | Uint8Array>, line: number): void;
}

type Arrival = { readonly line: number; readonly what: Brought } | Brought | 'tick';

/** What the network brings, by all lines, and the ticks: in order, and each handled completely before the next. */
export class Arrivals implements Ears {
  readonly lines: Lines;
  readonly #clock: Clock;
  readonly #outlets: Outlets;
  readonly #inbox: Inbox<Arrival>;
  #count = 0;

  constructor(outbound: Outbound, clock: Clock, outlets: Outlets) {
    this.#clock = clock;
    this.#outlets = outlets;
    this.#inbox = new Inbox<Arrival>((item) => this.#take(item), outlets.isBusy);
    this.lines = new Lines(outbound, (line, what) => this.#arrive({ line, what }));
  }

  /** How much has arrived. */
  get count(): number {
    return this.#count;
  }

  frame(frame: string | Uint8Array): void {
    this.#arrive(frame);
  }

  alive(): void {
    this.#arrive('alive');
  }

  gone(gone: Gone): void {
    this.#arrive({ gone });
  }

  tick(): void {
    this.#inbox.put('tick');
  }

  /** Handles what has waited. */
  drain(): void {
    this.#inbox.drain();
  }

  /** Holds frames back until the next macrotask, so that `on()` right after an `await` misses none. */
  pause(): void {
    this.#inbox.pause();
    this.#clock.after(0, () => this.#inbox.resume());
  }

  #arrive(item: Arrival): void {
    this.#count++;
    this.#inbox.put(item);
  }

  #take(item: Arrival): void {
    if (item === 'tick') return this.#outlets.tick();
    if (typeof item === 'object' && 'line' in item) this.#bring(item.what, item.line);
    else this.#bring(item, FIRST);
  }

  #bring(what: Brought, line: number): void {
    if (!this.lines.hears(line)) return;
    if (what === 'alive') return this.#outlets.alive(line);
    if (typeof what === 'string' || what instanceof Uint8Array) return this.#outlets.frame(what, line);
    if (!('opened' in what)) this.lines.leave(line);
    this.#outlets.ended(what, line);
  }
}
