import type { Fact, FactName } from './facts.js';
import type { Session } from './state.js';
import type { Table } from './table.js';
import type { Work } from './work.js';

/** One small machine, as the others meet it. */
export interface Part {
  /** The dimensions of the session's state that are its own, by name. */
  readonly tables: Readonly<Record<string, Table<never>>> | Readonly<Record<string, unknown>>;
  /** Hears a fact, after all dimensions have moved. */
  readonly heeds: { readonly [Name in FactName]?: (work: Work, fact: Extract<Fact, { is: Name }>) => void };
  /** When its next deadline passes; Infinity if none is set. */
  readonly dueAt?: (session: Session) => number;
  /** The same of what nobody waits for: it is watched as long as the session lives. */
  readonly watchesAt?: (session: Session) => number;
  /** Does what is due. Only a tick comes here. */
  readonly elapse?: (work: Work) => void;
}
