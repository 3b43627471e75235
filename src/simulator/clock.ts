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
export function virtualClock({ runs = 'by-hand' }: VirtualClockOptions = {}): VirtualClock {
  const timers: Timer[] = [];
  let now = 0;
  let sequence = 0;
  let alive: 'waiting' | 'scheduled' | 'stopped' = runs === 'when-idle' ? 'waiting' : 'stopped';

  const next = (): Timer | undefined => {
    while (timers[0]?.calledOff) popTimer(timers);
    return timers[0];
  };
  const runNext = (until: number): boolean => {
    const timer = next();
    if (!timer || timer.at > until) return false;
    popTimer(timers);
    now = Math.max(now, timer.at);
    timer.run();
    return true;
  };
  const pump = () => {
    if (alive !== 'scheduled') return;
    alive = 'waiting';
    runNext(Infinity);
    wake();
  };
  const wake = () => {
    if (alive !== 'waiting' || !next()) return;
    alive = 'scheduled';
    setImmediate(pump);
  };
  return {
    now: () => now,
    after(ms, run) {
      sequence += 1;
      const timer = { at: now + Math.max(0, ms), sequence, run, calledOff: false };
      pushTimer(timers, timer);
      wake();
      return () => {
        timer.calledOff = true;
      };
    },
    advance(ms) {
      const until = now + ms;
      while (runNext(until));
      now = Math.max(now, until);
    },
    runUntilIdle(limitMs = Infinity) {
      const began = now;
      while (runNext(began + limitMs));
      return now - began;
    },
    get pending() {
      return timers.filter(({ calledOff }) => !calledOff).length;
    },
    stop() {
      alive = 'stopped';
    },
  };
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
