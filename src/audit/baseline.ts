import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { digest } from './code.js';
import type { Found, Report } from './report.js';

/**
 * Findings that are accepted for now. Line numbers are not part of them, so code may move; each copy counts, so none
 * may be added.
 */
export interface Entry {
  /** In the baseline file: relative to that file's folder. In memory: to where the audit runs. With forward slashes. */
  readonly path: string;
  /** The enclosing function; null: the module itself. */
  readonly function: string | null;
  readonly kind: string;
  readonly code: string;
  /** How many equal findings this function has. */
  readonly count: number;
}

export interface Compared {
  /** Findings that the baseline lacks. */
  readonly fresh: readonly Found[];
  /** How many findings the baseline has. */
  readonly known: number;
  /** Entries of the baseline that the code no longer has, each with how many are gone. */
  readonly gone: readonly Entry[];
}

/** The key by which a baseline, and a fingerprint, recognises a finding. */
export const keyOf = ({ path, inside, kind, code }: Found): string =>
  keyOfEntry({ path, function: inside, kind, code });
const keyOfEntry = (entry: Omit<Entry, 'count'>): string =>
  JSON.stringify([entry.path, entry.function, entry.kind, entry.code]);

/**
 * A short hash of that key, for paths from the top of the repository. The second of two equal findings gets another one
 * than the first.
 */
export function fingerprints(findings: readonly Found[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = keyOf(finding);
    const copy = (seen.get(key) ?? 0) + 1;
    seen.set(key, copy);
    return `${digest(key)}:${copy}`;
  });
}

export function baselineOf(findings: readonly Found[]): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const finding of findings) {
    const { path, inside, kind, code } = finding;
    const count = (entries.get(keyOf(finding))?.count ?? 0) + 1;
    entries.set(keyOf(finding), { path, function: inside, kind, code, count });
  }
  return inOrder([...entries.values()]);
}

const inOrder = (entries: readonly Entry[]): readonly Entry[] =>
  [...entries].sort((one, other) => (keyOfEntry(one) < keyOfEntry(other) ? -1 : 1));

/** Compares counts. If there are too many copies, the last ones are new. */
export function compare(report: Report, baseline: readonly Entry[], cwd: string): Compared {
  const left = new Map(baseline.map((entry) => [keyOfEntry(entry), entry.count]));
  const fresh = [...report.findings].sort(byPlace).filter((finding) => {
    const count = left.get(keyOf(finding)) ?? 0;
    left.set(keyOf(finding), count - 1);
    return count <= 0;
  });
  const isNew = new Set(fresh);
  const unread = new Set(report.unread.map(({ path }) => path));
  const read = new Set(report.files.filter((path) => !unread.has(path)));
  // An audit of one folder knows nothing about entries in others.
  const isKnown = ({ path }: Entry): boolean => read.has(path) || !existsSync(resolve(cwd, path));
  const gone = baseline.flatMap((entry) => {
    const count = left.get(keyOfEntry(entry)) ?? 0;
    return count > 0 && isKnown(entry) ? [{ ...entry, count }] : [];
  });
  const stillInOrder = report.findings.filter((finding) => isNew.has(finding));
  return { fresh: stillInOrder, known: report.findings.length - fresh.length, gone };
}

const byPlace = (one: Found, other: Found): number => one.line - other.line || one.column - other.column;

// The file --------------------------------------------------------------------------------------------------------------

/** In version 1, paths were relative to wherever the audit ran. */
const VERSION = 2;

/** The folder of the baseline file, and the folder in which the audit runs. */
export interface Folders {
  readonly file: string;
  readonly cwd: string;
}

export const printBaseline = (entries: readonly Entry[], { file, cwd }: Folders): string => {
  const moved = inOrder(entries.map((entry) => ({ ...entry, path: rebased(entry.path, cwd, file) })));
  return `${JSON.stringify({ version: VERSION, tool: 'gated-realtime audit', entries: moved }, null, 2)}\n`;
};

/** @throws Where the text is no baseline of this version. */
export function parseBaseline(text: string, { file, cwd }: Folders): readonly Entry[] {
  const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  const { version, entries } = (parsed ?? {}) as { readonly version?: unknown; readonly entries?: unknown };
  if (version === 1) throw new Error('an earlier version wrote it. Write it again with --write-baseline');
  if (version !== VERSION) throw new Error(`its version is not ${VERSION}`);
  if (!Array.isArray(entries) || !entries.every(isEntry)) throw new Error('it has no list of entries');
  return entries.map((entry) => ({ ...entry, path: rebased(entry.path, file, cwd) }));
}

const rebased = (path: string, from: string, to: string): string =>
  relative(to, resolve(from, path)).replaceAll(sep, '/');

function isEntry(value: unknown): value is Entry {
  const entry = (value ?? {}) as Readonly<Record<keyof Entry, unknown>>;
  const isText = [entry.path, entry.kind, entry.code].every((each) => typeof each === 'string');
  const isInside = entry.function === null || typeof entry.function === 'string';
  return isText && isInside && Number.isInteger(entry.count) && (entry.count as number) > 0;
}
