import { Queue } from '../queue.js';

/** A queue of arrivals from the network: each is taken in whole before the next, and none while `busy`. */
export class Inbox<Item> {
  readonly #items = new Queue<Item>();
  readonly #take: (item: Item) => void;
  readonly #busy: () => boolean;
  #state: 'open' | 'taking' | 'paused' = 'open';

  constructor(take: (item: Item) => void, busy: () => boolean) {
    this.#take = take;
    this.#busy = busy;
  }

  put(item: Item): void {
    this.#items.push(item);
    this.drain();
  }

  /** Holds back what comes from now on. */
  pause(): void {
    this.#state = 'paused';
  }

  resume(): void {
    if (this.#state === 'paused') this.#state = 'open';
    this.drain();
  }

  drain(): void {
    while (this.#state === 'open' && !this.#busy()) {
      const item = this.#items.shift();
      if (item === undefined) return;
      this.#state = 'taking';
      this.#take(item);
      this.#reopen();
    }
  }

  /** Taking it in may have paused it. */
  #reopen(): void {
    if (this.#state === 'taking') this.#state = 'open';
  }
}
