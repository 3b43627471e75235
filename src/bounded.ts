import { type Entries, noEntries, put } from './collections.js';

/** A map or a set, which keep their order. */
interface Remembered<Key> {
  readonly size: number;
  keys(): Iterable<Key>;
  delete(key: Key): unknown;
}

/** Keeps only the latest entries, because names from the server must not fill the memory. */
export function forgetOldest<Key>(remembered: Remembered<Key>, beyond: number): void {
  for (const oldest of remembered.keys()) {
    if (remembered.size <= beyond) return;
    remembered.delete(oldest);
  }
}

/**
 * Remembers the latest `count` entries, and at most twice as many. It alternates between two new maps, because one map
 * that is filled and emptied for ever keeps its former tables, and all entries in them, alive until the old generation
 * is collected.
 */
export class Recent<Value> {
  readonly #count: number;
  #latest: Entries<string, Value> = noEntries;
  #before: Entries<string, Value> = noEntries;

  constructor(count: number) {
    this.#count = count;
  }

  get(key: string): Value | undefined {
    return this.#latest.get(key) ?? this.#before.get(key);
  }

  set(key: string, value: Value): void {
    if (this.#latest.size >= this.#count) {
      this.#before = this.#latest;
      this.#latest = noEntries;
    }
    this.#latest = put(this.#latest, key, value);
  }
}
