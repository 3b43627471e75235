import { activeResources } from './real-time.js';

type Counts = ReadonlyMap<string, number>;

/**
 * Detects real work of the program: more things keep the process alive than before. Only counts are known, so when one
 * of several timers ends, it may be the program's or the test runner's. It is taken for the runner's: waiting too long
 * costs a moment, but not waiting lets a deadline pass.
 */
export class RealWork {
  /** The counts at the start, less what has ended since. */
  readonly #before: Map<string, number>;
  /** The counts of what was waited for in vain. */
  #disregarded: Counts = new Map();
  #active: Counts;

  constructor() {
    this.#active = activeResources();
    this.#before = new Map(this.#active);
  }

  /** Updates the counts. Call it often, because what ends and what begins between two calls cannot be told apart. */
  look(): void {
    const active = activeResources();
    for (const [kind, count] of this.#before) {
      const ended = (this.#active.get(kind) ?? 0) - (active.get(kind) ?? 0);
      if (ended > 0) this.#before.set(kind, Math.max(0, count - ended));
    }
    for (const [kind, count] of this.#disregarded) {
      if ((active.get(kind) ?? 0) < count) this.#disregarded = active;
    }
    this.#active = active;
  }

  get isUnderWay(): boolean {
    for (const [kind, count] of this.#active) {
      if (count > Math.max(this.#before.get(kind) ?? 0, this.#disregarded.get(kind) ?? 0)) return true;
    }
    return false;
  }

  /** Stops counting what is in progress now as work. */
  disregard(): void {
    this.#disregarded = this.#active;
  }
}
