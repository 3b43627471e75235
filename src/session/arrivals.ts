import type { Ears, Gone } from '../../types/index.js';
import type { Clock } from '../clock.js';
import { Inbox } from './inbox.js';
import { ALIVE, type Brought, type End, FIRST, Lines } from './lines.js';
import type { Outbound } from './outbound.js';

/** Who is told what arrives. */
export interface ArrivalsOwner {
  /** Whether arrivals wait: listeners are being notified, or a frame is being written. */
  readonly isBusy: boolean;
  takeTick(): void;
  takeFrame(frame: string | Uint8Array, line: number): void;
  takeSign(line: number): void;
  takeEnd(what: End, line: number): void;
}

type Arrival = { readonly line: number; readonly what: Brought } | Brought | typeof TICK;
const TICK = Symbol('tick');

/** What the network brings, by all lines, and the ticks: in order, and each handled completely before the next. */
export class Arrivals implements Ears {
  readonly lines: Lines;
  readonly #clock: Clock;
  readonly #owner: ArrivalsOwner;
  readonly #inbox: Inbox<Arrival>;
  #count = 0;

  constructor(outbound: Outbound, clock: Clock, owner: ArrivalsOwner) {
    this.#clock = clock;
    this.#owner = owner;
    this.#inbox = new Inbox<Arrival>(this);
    this.lines = new Lines(outbound, this);
  }

  /** How much has arrived. */
  get count(): number {
    return this.#count;
  }

  frame(frame: string | Uint8Array): void {
    this.#arrive(frame);
  }

  alive(): void {
    this.#arrive(ALIVE);
  }

  gone(gone: Gone): void {
    this.#arrive({ gone });
  }

  /** Takes what a line after the first brings. */
  bring(line: number, what: Brought): void {
    this.#arrive({ line, what });
  }

  tick(): void {
    this.#inbox.put(TICK);
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

  get isBusy(): boolean {
    return this.#owner.isBusy;
  }

  /** Handles the next that has waited. */
  take(item: Arrival): void {
    if (item === TICK) return this.#owner.takeTick();
    if (typeof item === 'object' && 'line' in item) this.#take(item.what, item.line);
    else this.#take(item, FIRST);
  }

  #take(what: Brought, line: number): void {
    if (!this.lines.hears(line)) return;
    if (what === ALIVE) return this.#owner.takeSign(line);
    if (typeof what === 'string' || what instanceof Uint8Array) return this.#owner.takeFrame(what, line);
    if (!('opened' in what)) this.lines.leave(line);
    this.#owner.takeEnd(what, line);
  }
}
