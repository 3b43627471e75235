import type { Danger, Kind, RuleName } from '../detector/index.js';

/** One finding, with its place in the file. Lines and columns begin at 1; columns count UTF-16 units. */
export interface Found {
  /** Path relative to where the audit runs, with forward slashes. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The enclosing function. Null: the module itself. */
  readonly inside: string | null;
  readonly rule: RuleName;
  readonly kind: Kind;
  /** The callee, class or method, as the file names it. */
  readonly what: string;
  /** The dangers, the most dangerous first. */
  readonly dangers: readonly Danger[];
  /** The code without comments, white space and differences of quotes, by which a baseline recognises the finding. */
  readonly code: string;
}

/** A file that could not be read, or only in part, and so may contain anything. */
export interface Unread {
  readonly path: string;
  /** The line where reading failed, if known. */
  readonly line: number | null;
  readonly why: string;
}

export interface Report {
  /** All audited files, unread ones included. */
  readonly files: readonly string[];
  /** Sorted, the most dangerous first. */
  readonly findings: readonly Found[];
  readonly unread: readonly Unread[];
}

/** Thrown with the reason why a file cannot be read. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.line = line;
  }
}
