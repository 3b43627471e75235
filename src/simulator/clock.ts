import type { Clock } from '../clock.js';

export interface VirtualClock extends Clock {
  /** Lets this much time pass: runs what falls due, in order, before it returns. */
  advance(ms: number): void;
  /** Runs what is pending, however far away, until nothing is, or `limitMs` have passed. Returns how long it took. */
  runUntilIdle(limitMs?: number): number;
  /** How many appointments are pending. */
  readonly pending: number;
  /** Stops running by itself; pending appointments stay where they are. */
  stop(): void;
}

export interface VirtualClockOptions {
  /**
   * `by-hand` (default): time stands still until it is advanced. `when-idle`: as soon as the program has nothing else to
   * do, time jumps to the next appointment, so that an `await` is all it takes.
   */
  readonly runs?: 'by-hand' | 'when-idle';
}

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly run: () => void;
  calledOff: boolean;
}

/** A clock on which an hour takes no time. Starts at zero. */
export const virtualClock = ({ runs = 'by-hand' }: VirtualClockOptions = {}): VirtualClock => new Timeline(runs);

class Timeline implements VirtualClock {
  readonly #timers: Timer[] = [];
  #now = 0;
  #count = 0;
  #pump: 'resting' | 'arranged' | 'off';

  constructor(runs: 'by-hand' | 'when-idle') {
    this.#pump = runs === 'when-idle' ? 'resting' : 'off';
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    this.#count += 1;
    const timer = { at: this.#now + Math.max(0, ms), sequence: this.#count, run, calledOff: false };
    pushTimer(this.#timers, timer);
    this.#arrange();
    return () => {
      timer.calledOff = true;
    };
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    while (this.#runNext(until));
    this.#now = Math.max(this.#now, until);
  }

  runUntilIdle(limitMs = Infinity): number {
    const began = this.#now;
    while (this.#runNext(began + limitMs));
    return this.#now - began;
  }

  get pending(): number {
    return this.#timers.filter(({ calledOff }) => !calledOff).length;
  }

  stop(): void {
    this.#pump = 'off';
  }

  #next(): Timer | undefined {
    while (this.#timers[0]?.calledOff) popTimer(this.#timers);
    return this.#timers[0];
  }

  #runNext(until: number): boolean {
    const timer = this.#next();
    if (!timer || timer.at > until) return false;
    popTimer(this.#timers);
    this.#now = Math.max(this.#now, timer.at);
    timer.run();
    return true;
  }

  /** One appointment at a time: in between, promises settle. */
  #arrange(): void {
    if (this.#pump !== 'resting' || !this.#next()) return;
    this.#pump = 'arranged';
    setImmediate(() => {
      if (this.#pump === 'off') return;
      this.#pump = 'resting';
      this.#runNext(Infinity);
      this.#arrange();
    });
  }
}

const isBefore = (left: Timer, right: Timer): boolean =>
  left.at < right.at || (left.at === right.at && left.sequence < right.sequence);

/** The list is a binary heap: the soonest is first. */
function pushTimer(heap: Timer[], timer: Timer): void {
  let place = heap.push(timer) - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (!parent || !isBefore(timer, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = timer;
}

function popTimer(heap: Timer[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    const left = heap[below];
    const right = heap[below + 1];
    if (left && right && isBefore(right, left)) below += 1;
    const child = heap[below];
    if (!child || !isBefore(child, last)) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = last;
}
