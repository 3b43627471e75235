import { type Entries, noEntries, put, without } from '../collections.js';
import { Queue } from '../queue.js';
import { appendedBytes } from '../wire/index.js';

/** A commit or a clear at its place in the audio. */
export interface Mark {
  readonly is: 'commit' | 'clear';
  readonly eventId: string;
  /** As it is sent. */
  readonly text: string;
}

/** Audio up to a mark; null: the last stretch, or the mark does not matter any more. */
interface Stretch {
  readonly audio: Queue<string>;
  mark: Mark | null;
}

/**
 * The caller's audio that is in no conversation yet, as the frames that carry it, so that another line can be given it. It
 * is bounded in bytes, and the oldest is dropped; marks keep their place in it.
 */
export class KeptAudio {
  /** The audio, in stretches that a mark ends; the last has none. */
  #ended: Stretch[] = [];
  #last: Stretch = begin();
  #bytes = 0;
  #frames = 0;
  /** How many of the last frames and marks no line was given. */
  #unsent = 0;
  #unsentMarks = 0;
  /** Audio of turns that may have to be told again, by item. */
  #turns: Entries<string, readonly string[]> = noEntries;
  readonly #isAwaited: (eventId: string) => boolean;

  /** `isAwaited`: whether a commit is still to be answered. */
  constructor(isAwaited: (eventId: string) => boolean) {
    this.#isAwaited = isAwaited;
  }

  get isEmpty(): boolean {
    return this.#frames === 0 && this.#unsentMarks === 0;
  }

  /** How many frames no line was given. */
  get unsent(): number {
    return this.#unsent + this.#unsentMarks;
  }

  /** Keeps a frame that the live line was given as well. */
  hear(text: string, mostBytes: number): void {
    this.#last.audio.push(text);
    this.#frames++;
    this.#bytes += appendedBytes(text);
    while (this.#bytes > mostBytes && this.#frames > 1) this.#dropOldest();
  }

  /** Keeps a frame that no line was given. Returns how many such frames it takes the place of. */
  keep(text: string, mostBytes: number): number {
    const before = ++this.#unsent;
    this.hear(text, mostBytes);
    return before - this.#unsent;
  }

  /** What follows a commit is another stretch. What had been appended before a clear is of no use any more. */
  mark(mark: Mark, when: 'sent' | 'kept'): void {
    if (mark.is === 'clear') this.#clear();
    if (mark.is === 'clear' && when === 'sent') return;
    this.#tidy();
    this.#ended.push({ ...this.#last, mark });
    this.#last = begin();
    if (when === 'kept') this.#unsentMarks++;
  }

  /**
   * Forgets what a conversation has: up to this commit, or, where none is named, up to the first that is awaited. It is put
   * aside as that item's. Returns the bytes that were.
   */
  forget(through: string | null, itemId: string | null): number {
    const { ended, whole } = this.#upTo(through);
    const frames = ended.flatMap(({ audio }) => audio.all());
    for (const stretch of ended) this.#empty(stretch);
    this.#ended.splice(0, whole);
    if (itemId === null || frames.length === 0) return 0;
    this.#turns = put(this.#turns, itemId, frames);
    return frames.reduce((sum, frame) => sum + appendedBytes(frame), 0);
  }

  forgetTurn(itemId: string): void {
    this.#turns = without(this.#turns, itemId);
  }

  /** The frames that were put aside as an item's. */
  turn(itemId: string): readonly string[] {
    return this.#turns.get(itemId) ?? [];
  }

  /** The stretches up to a commit, and how many of them are over with it. */
  #upTo(through: string | null): { readonly ended: readonly Stretch[]; readonly whole: number } {
    this.#tidy();
    const named = this.#ended.findIndex(({ mark }) => mark?.eventId === through);
    if (named >= 0) return { ended: this.#ended.slice(0, named + 1), whole: named + 1 };
    const first = this.#ended.findIndex(({ mark }) => mark !== null);
    const ended = first < 0 ? [...this.#ended, this.#last] : this.#ended.slice(0, first + 1);
    return { ended, whole: 0 };
  }

  /** Gives a line all that is kept, in order. */
  flush(send: (text: string) => void): void {
    this.#tidy();
    for (const { audio, mark } of [...this.#ended, this.#last]) {
      for (const text of audio.all()) send(text);
      if (mark) send(mark.text);
    }
    this.#unsent = 0;
    this.#unsentMarks = 0;
    for (const stretch of this.#ended) if (stretch.mark?.is === 'clear') stretch.mark = null;
  }

  /** Lets go of commits that have been answered, and of what has nothing left in it. */
  #tidy(): void {
    for (const stretch of this.#ended) {
      if (stretch.mark?.is === 'commit' && !this.#isAwaited(stretch.mark.eventId)) stretch.mark = null;
    }
    this.#ended = this.#ended.filter(({ audio, mark }) => audio.length > 0 || mark !== null);
  }

  #dropOldest(): void {
    const oldest = this.#ended.find(({ audio }) => audio.length > 0) ?? this.#last;
    this.#drop(oldest);
  }

  #clear(): void {
    const unsent = Math.max(0, this.#unsent - this.#last.audio.length);
    this.#empty(this.#last);
    this.#unsent = unsent;
  }

  #empty(stretch: Stretch): void {
    while (stretch.audio.length > 0) this.#drop(stretch);
  }

  #drop(stretch: Stretch): void {
    this.#bytes -= appendedBytes(stretch.audio.shift() ?? '');
    this.#frames--;
    this.#unsent = Math.min(this.#unsent, this.#frames);
  }
}

const begin = (): Stretch => ({ audio: new Queue(), mark: null });
