import { activeResources } from './real-time.js';

type Counts = ReadonlyMap<string, number>;

/**
 * Tells whether the program does real work, by what keeps the process alive beyond what was there before. Only counts are
 * known. So where one of several timers ends, that may have been the program's or the test runner's: the runner's is
 * taken to have ended, because waiting too long costs a moment, and not waiting makes a deadline pass.
 */
export class RealWork {
  /** What was there at first, and is there still. */
  readonly #before: Map<string, number>;
  /** What was waited for in vain. */
  #disregarded: Counts = new Map();
  #active: Counts;

  constructor() {
    this.#active = activeResources();
    this.#before = new Map(this.#active);
  }

  /** Has to be called often: what ends and what begins between two looks cannot be told apart. */
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

  /** What is under way now does not count as work from here on. */
  disregard(): void {
    this.#disregarded = this.#active;
  }
}
