/** First in, first out. Taking one costs the same however many wait; `Array.shift` moves all the others of a long list. */
export class Queue<Item> {
  #items: Item[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes the oldest; undefined if none waits. */
  shift(): Item | undefined {
    const item = this.#items[this.#head];
    if (this.#head < this.#items.length) this.#head++;
    if (this.#head > SPARE && this.#head * 2 > this.#items.length) this.#compact();
    return item;
  }

  /** All that wait, oldest first. */
  all(): readonly Item[] {
    return this.#items.slice(this.#head);
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  /** Lets go of what was taken: each item is moved once at most for each that was taken. */
  #compact(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}

/** How many places of taken items are kept, so that a short queue is not copied all the time. */
const SPARE = 256;
