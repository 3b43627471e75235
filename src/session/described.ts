import { type Entries, noEntries, put } from '../collections.js';
import { isRecord, type Json, type ServerEvent, textOf } from '../machine/index.js';
import { FIRST } from './lines.js';

interface Description {
  readonly id: string;
  readonly effective: Json;
}

/** The session as the server last described it, on the line that is live or was so last. */
export class Described {
  #current: Description = { id: '', effective: {} };
  #live = FIRST;
  /** What lines that are not live have been described as. */
  #others: Entries<number, Description> = noEntries;

  /** The server's id of it; empty before the server has said it. */
  get id(): string {
    return this.#current.id;
  }

  get effective(): Json {
    return this.#current.effective;
  }

  note(line: number, { type, session }: ServerEvent): void {
    if (!type.startsWith('session.') || !isRecord(session)) return;
    const before = line === this.#live ? this.#current : this.#others.get(line);
    const described = { effective: session, id: textOf(session['id']) ?? before?.id ?? '' };
    if (line === this.#live) this.#current = described;
    else this.#others = put(this.#others, line, described);
  }

  /** From here this line is live; 0: none is. */
  use(line: number): void {
    if (line === this.#live || line === 0) return;
    this.#current = this.#others.get(line) ?? this.#current;
    this.#live = line;
    this.#others = noEntries;
  }
}
