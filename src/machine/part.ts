import type { FactName, Facts } from './facts.js';
import type { Session } from './state.js';
import type { Table } from './table.js';
import type { Work } from './work.js';

/** The interface of one small machine. */
export interface Part {
  /** The tables that this machine owns, by dimension. */
  readonly tables: Readonly<Record<string, Table<never>>> | Readonly<Record<string, unknown>>;
  /** Handlers for facts, called after all dimensions have moved. */
  readonly handlers: { readonly [Name in FactName]?: (work: Work, data: Facts[Name], is: Name) => void };
  /** When its next deadline passes; Infinity if none is set. */
  readonly dueAt?: (session: Session) => number;
  /** Like `dueAt`, for watches that run as long as the session and that nobody waits for. */
  readonly watchesAt?: (session: Session) => number;
  /** Handles passed deadlines. Called only on a tick. */
  readonly onTick?: (work: Work) => void;
}
