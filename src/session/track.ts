import { forgetOldest } from '../bounded.js';

/** One item of output audio: what was produced of it, and what was heard. Milliseconds throughout. */
interface Item {
  produced: number;
  /** Heard for certain: by the carrier's word, or because playing began anew after it. */
  heard: number;
  /** When what is beyond `heard` begins to play, by the estimate. */
  playsFrom: number;
  /** Nothing of it is played any more. */
  state: 'playing' | 'cut';
}

/** Where an item is to be cut so that the server knows what was heard. */
export interface Cut {
  readonly itemId: string;
  readonly audioEndMs: number;
}

/** How many items are remembered: a bound, not a tuning. */
export const REMEMBERED = 32;
/** How much later than by the estimate a mark may come: longer than any carrier's buffer lags behind. Milliseconds. */
const MARKS_LATE_MS = 5_000;

/**
 * What was produced and what was heard, item by item. Who tells what was heard: the carrier's marks, once there are any;
 * until then the bytes and the clock, as if all were played in order and without a pause from when it arrived.
 */
export class Track {
  readonly #items = new Map<string, Item>();
  #playsUntil = 0;
  #markedAt = 0;
  #source: 'estimate' | 'marks' = 'estimate';

  /** So much more of this item has arrived. */
  produced(itemId: string, ms: number, now: number): void {
    const item = this.#items.get(itemId) ?? this.#begin(itemId, now);
    if (item.state === 'cut') return;
    if (this.#playsUntil < now) {
      // Everything before it has been played: what comes now plays from now.
      item.heard = Math.max(item.heard, this.#source === 'estimate' ? item.produced : 0);
      item.playsFrom = now;
      this.#playsUntil = now;
    }
    item.produced += ms;
    this.#playsUntil += ms;
  }

  #begin(itemId: string, now: number): Item {
    const item: Item = { produced: 0, heard: 0, playsFrom: Math.max(now, this.#playsUntil), state: 'playing' };
    this.#items.set(itemId, item);
    forgetOldest(this.#items, REMEMBERED);
    return item;
  }

  /** The carrier's word. From now on it alone counts; of what is not the model's (a jingle) it says nothing here. */
  marked(itemId: string, ms: number, now: number): void {
    const item = this.#items.get(itemId);
    if (!item) return;
    this.#source = 'marks';
    this.#markedAt = now;
    if (item.state === 'playing') item.heard = Math.min(Math.max(item.heard, ms), item.produced);
  }

  /** How much of an item has been heard: never more than was produced. */
  heardOf(itemId: string, now: number): number {
    const item = this.#items.get(itemId);
    if (!item) return 0;
    const since = this.#source === 'estimate' ? Math.max(0, now - item.playsFrom) : 0;
    return Math.min(item.produced, item.heard + since);
  }

  /** How long until everything that was produced will have been heard; by marks, unknown until the last one. */
  remaining(now: number): number {
    if (this.#source === 'estimate') return Math.max(0, this.#playsUntil - now);
    const unheard = [...this.#items.values()].some(
      ({ state, produced, heard }) => state === 'playing' && heard < Math.floor(produced),
    );
    return unheard ? Infinity : 0;
  }

  /** How long the next mark may still take before it is not to be waited for. */
  marksDueIn(now: number): number {
    return Math.max(0, Math.max(this.#playsUntil, this.#markedAt) + MARKS_LATE_MS - now);
  }

  /** No mark comes any more: all is taken for heard, and the estimate counts until there is one. */
  unmarked(now: number): void {
    for (const item of this.#items.values()) {
      item.heard = item.produced;
      item.playsFrom = now;
    }
    this.#source = 'estimate';
  }

  /** Whether nothing more of it is to be heard. */
  isCut(itemId: unknown): boolean {
    return this.#items.get(String(itemId))?.state === 'cut';
  }

  /** Nothing more of it is played: where the items that were not heard to their end are to be cut, if at all. */
  cut(now: number): readonly Cut[] {
    const cuts: Cut[] = [];
    for (const [itemId, item] of this.#items) {
      const audioEndMs = Math.floor(this.heardOf(itemId, now));
      if (item.state === 'playing' && audioEndMs > 0 && audioEndMs < Math.floor(item.produced)) {
        cuts.push({ itemId, audioEndMs });
      }
      item.state = 'cut';
    }
    this.#playsUntil = now;
    return cuts;
  }
}
