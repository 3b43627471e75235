import { Queue } from '../queue.js';

interface InboxOwner<Item> {
  readonly isBusy: boolean;
  take(item: Item): void;
}

/**
 * A queue of what arrives from the network: each arrival is handled completely before the next, and none while its owner is busy.
 */
export class Inbox<Item> {
  readonly #items = new Queue<Item>();
  readonly #owner: InboxOwner<Item>;
  #state: 'open' | 'taking' | 'paused' = 'open';

  constructor(owner: InboxOwner<Item>) {
    this.#owner = owner;
  }

  put(item: Item): void {
    const isNext = this.#items.length === 0 && this.#state === 'open' && !this.#owner.isBusy;
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
    while (this.#items.length > 0 && this.#state === 'open' && !this.#owner.isBusy)
      this.#handle(this.#items.shift() as Item);
  }

  #handle(item: Item): void {
    this.#state = 'taking';
    this.#owner.take(item);
    // Unless handling it has paused the queue.
    this.#reopen();
  }

  #reopen(): void {
    if (this.#state === 'taking') this.#state = 'open';
  }
}
