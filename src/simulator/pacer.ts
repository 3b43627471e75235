import { RealWork } from './real-work.js';

/** Milliseconds of virtual time that may pass before the program's real work is looked for again. */
const unseenMs = 1000;
/** Turns of the event loop that come before a longer stretch of virtual time: what is ready to be read is read then. */
const turnsFirst = 10;
/** Milliseconds of real time between two looks at work that is under way. */
export const pollMs = 2;

/**
 * Decides whether virtual time may go on. The program's real work (timers, files, sockets) takes no virtual time, so time
 * must not run past a deadline while such work is under way.
 */
export class Pacer {
  readonly #longestWaitMs: number;
  readonly #work = new RealWork();
  #seenAt = 0;
  #turns = 0;
  #waitedMs = 0;

  constructor(longestWaitMs: number) {
    this.#longestWaitMs = longestWaitMs;
  }

  /** What to do before virtual time reaches `at`: go there, give the event loop a turn, or wait `pollMs` of real time. */
  before(at: number): 'go' | 'turn' | 'wait' {
    this.#work.look();
    if (at - this.#seenAt <= unseenMs) return this.#go();
    if (this.#turns < turnsFirst) {
      this.#turns += 1;
      return 'turn';
    }
    if (this.#work.isUnderWay) {
      if (this.#waitedMs < this.#longestWaitMs) {
        this.#waitedMs += pollMs;
        return 'wait';
      }
      this.#work.disregard();
    }
    this.#seenAt = at;
    return this.#go();
  }

  #go(): 'go' {
    this.#turns = 0;
    this.#waitedMs = 0;
    return 'go';
  }
}
