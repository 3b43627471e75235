import type { Clock } from '../clock.js';
import { unixSecondsAtZero } from './server/options.js';
import { Pacer, pollMs } from './pacer.js';
import { afterRealMs, nextTurn } from './real-time.js';
import type { Timer } from './timer-heap.js';
import { popTimer, pushTimer } from './timer-heap.js';

export interface VirtualClock extends Clock {
  /** Advances the time by `ms`, and runs everything that falls due, in order, before it returns. */
  advance(ms: number): void;
  /**
   * Runs pending timers, however far away, until none is left or `limitMs` have passed. Returns how much time passed.
   */
  runUntilIdle(limitMs?: number): number;
  /** The number of pending timers, without background ones. */
  readonly pending: number;
  /**
   * Keeps a clock that runs `when-idle` still until `work` has settled, however long that takes, and returns `work`. For
   * real work that the platform does not tell of: zlib, crypto, a native add-on, a worker, an answer on a connection
   * that was open before. `work` must not wait for this clock itself.
   *
   * @example
   * ```ts
   * const { server } = await simulate({ purposes: ['greeting'] });
   * const answer = await server.clock.waitFor(fetch('http://127.0.0.1:3000/tables'));
   * ```
   */
  waitFor<Result>(work: Promise<Result>): Promise<Result>;
  /** Stops the clock from running by itself; pending timers stay pending. */
  stop(): void;
}

export interface VirtualClockOptions {
  /**
   * `by-hand` (default): time stands still until it is advanced. `when-idle`: as soon as the program has nothing else to
   * do, time jumps to the next appointment, so that an `await` is all it takes.
   *
   * Real work of the program takes next to no virtual time. Within a second of virtual time the clock goes from
   * appointment to appointment, one for each turn of the event loop. Before it goes further it gives the event loop
   * some turns, and then stands still while Node lists more timers, requests or connections than were there when the
   * clock was made, for at most `realWaitMs`. What has lasted longer than that (an interval, a server, a time limit of
   * the test) counts as always there from then on. Where the platform does not list them, only the turns are given.
   */
  readonly runs?: 'by-hand' | 'when-idle';
  /**
   * Milliseconds of real time for which `when-idle` stands still, at most, for work that is under way.
   *
   * @default 500
   */
  readonly realWaitMs?: number;
}

/**
 * Makes a clock on which an hour takes no time. Starts at zero.
 *
 * @example
 * ```ts
 * const time = virtualClock();
 * time.after(3_600_000, () => console.log('an hour later'));
 * time.advance(3_600_000);
 * ```
 */
export const virtualClock = ({ runs = 'by-hand', realWaitMs = 500 }: VirtualClockOptions = {}): VirtualClock =>
  new Timeline(runs, realWaitMs);

class Timeline implements VirtualClock {
  readonly #timers: Timer[] = [];
  readonly #pacer: Pacer;
  #now = 0;
  #count = 0;
  #pending = 0;
  #worksWaitedFor = 0;
  #pump: 'resting' | 'arranged' | 'off';

  constructor(runs: 'by-hand' | 'when-idle', realWaitMs: number) {
    this.#pump = runs === 'when-idle' ? 'resting' : 'off';
    this.#pacer = new Pacer(realWaitMs);
  }

  unixMs(): number {
    return unixSecondsAtZero * 1_000 + this.#now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void, kind?: 'background'): () => void {
    return this.#set(ms, run, kind ?? 'foreground');
  }

  advance(ms: number): void {
    const until = this.#now + ms;
    while (this.#runNext(until));
    this.#now = Math.max(this.#now, until);
  }

  runUntilIdle(limitMs = Infinity): number {
    const began = this.#now;
    while (this.#pending > 0 && this.#runNext(began + limitMs));
    return this.#now - began;
  }

  get pending(): number {
    return this.#pending;
  }

  waitFor<Result>(work: Promise<Result>): Promise<Result> {
    this.#worksWaitedFor += 1;
    const goOn = () => {
      this.#worksWaitedFor -= 1;
      this.#arrange();
    };
    work.then(goOn, goOn);
    return work;
  }

  stop(): void {
    this.#pump = 'off';
  }

  #set(ms: number, run: () => void, ground: Timer['ground']): () => void {
    this.#count += 1;
    const timer: Timer = { at: this.#now + Math.max(0, ms), sequence: this.#count, run, ground, state: 'pending' };
    if (ground === 'foreground') this.#pending += 1;
    pushTimer(this.#timers, timer);
    this.#arrange();
    return () => this.#settle(timer);
  }

  #settle(timer: Timer): void {
    if (timer.state === 'pending' && timer.ground === 'foreground') this.#pending -= 1;
    timer.state = 'over';
  }

  #next(): Timer | undefined {
    while (this.#timers[0]?.state === 'over') popTimer(this.#timers);
    return this.#timers[0];
  }

  #runNext(until: number): boolean {
    const timer = this.#next();
    if (!timer || timer.at > until) return false;
    popTimer(this.#timers);
    this.#settle(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.run();
    return true;
  }

  #arrange(): void {
    if (this.#pump !== 'resting' || this.#worksWaitedFor > 0 || this.#pending === 0) return;
    this.#pump = 'arranged';
    nextTurn(this.#goOn);
  }

  // Runs one timer at a time, so that promises settle in between.
  readonly #goOn = (): void => {
    if (this.#pump === 'off') return;
    this.#pump = 'resting';
    if (this.#worksWaitedFor > 0 || this.#pending === 0) return;
    const pace = this.#pacer.before(this.#next()?.at ?? this.#now);
    if (pace === 'go') this.#runNext(Infinity);
    if (pace !== 'wait') this.#arrange();
    else {
      this.#pump = 'arranged';
      afterRealMs(pollMs, this.#goOn);
    }
  };
}
