/**
 * First in, first out, in a ring. Taking one costs the same however many wait, where `Array.shift` moves all the others; and
 * what was taken is let go of at once.
 */
export class Queue<Item> {
  #ring: (Item | undefined)[] = [];
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: Item): void {
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[this.#place(this.#length)] = item;
    this.#length++;
  }

  /** Takes the oldest; undefined if none waits. */
  shift(): Item | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = this.#place(1);
    this.#length--;
    if (this.#length === 0 && this.#ring.length > SPARE) this.clear();
    return item;
  }

  clear(): void {
    this.#ring = [];
    this.#head = 0;
    this.#length = 0;
  }

  /** The size of the ring is a power of two. */
  #place(after: number): number {
    return (this.#head + after) & (this.#ring.length - 1);
  }

  #grow(): void {
    const inOrder = [...this.#ring.slice(this.#head), ...this.#ring.slice(0, this.#head)];
    this.#ring = [...inOrder, ...new Array<undefined>(Math.max(FIRST, inOrder.length)).fill(undefined)];
    this.#head = 0;
  }
}

const FIRST = 4;
/** How many places an empty queue keeps. */
const SPARE = 1_024;
