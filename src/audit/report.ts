import type { Danger, Kind, RuleName } from '../detector/index.js';

/** One finding, with its place in the file. Lines and columns begin at 1; columns count UTF-16 units. */
export interface Found {
  /** Relative to where the audit runs, with forward slashes. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The enclosing function. Null: the module itself. */
  readonly inside: string | null;
  readonly rule: RuleName;
  readonly kind: Kind;
  /** What is called, constructed or patched, as the file names it. */
  readonly what: string;
  /** The guards that it goes around, the most dangerous first. */
  readonly dangers: readonly Danger[];
  /** The code without comments, white space and differences of quotes. A baseline recognises a finding by it. */
  readonly code: string;
}

/** A file that could not be read, or not whole, and so may hold anything. */
export interface Unread {
  readonly path: string;
  /** Where reading failed, if that is known. */
  readonly line: number | null;
  readonly why: string;
}

export interface Report {
  /** How many files were looked at, unread ones included. */
  readonly files: readonly string[];
  /** The most dangerous first. */
  readonly findings: readonly Found[];
  readonly unread: readonly Unread[];
}

/** Why a file cannot be read. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.line = line;
  }
}
