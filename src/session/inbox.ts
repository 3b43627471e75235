import { Queue } from '../queue.js';

/**
 * A queue of what arrives from the network: each arrival is handled completely before the next, and none while `busy`.
 */
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
    const isNext = this.#items.length === 0 && this.#state === 'open' && !this.#busy();
    if (isNext) this.#handle(item);
    else this.#items.push(item);
    this.drain();
  }

  /** Holds back everything that arrives from now on. */
  pause(): void {
    this.#state = 'paused';
  }

  resume(): void {
    if (this.#state === 'paused') this.#state = 'open';
    this.drain();
  }

  drain(): void {
    while (this.#items.length > 0 && this.#state === 'open' && !this.#busy()) this.#handle(this.#items.shift() as Item);
  }

  #handle(item: Item): void {
    this.#state = 'taking';
    this.#take(item);
    // Unless handling it has paused the queue.
    this.#reopen();
  }

  #reopen(): void {
    if (this.#state === 'taking') this.#state = 'open';
  }
}
