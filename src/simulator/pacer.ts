import { RealWork } from './real-work.js';

/** How much virtual time may pass before the clock looks for real work again, in milliseconds. */
const unseenMs = 1000;
/** Turns of the event loop before a longer stretch of virtual time, so that pending I/O is read first. */
const turnsFirst = 10;
/** Real time between two checks for work in progress, in milliseconds. */
export const pollMs = 2;

/**
 * Decides whether virtual time may go on. The program's real work (timers, files, sockets) takes no virtual time, so
 * time must not pass a deadline while such work is in progress.
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

  /**
   * Says what to do before virtual time reaches `at`: go there, give the event loop a turn, or wait `pollMs` of real
   * time.
   */
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
