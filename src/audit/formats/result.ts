import { posix } from 'node:path';
import { type Danger, dangers } from '../../detector/index.js';
import type { Entry } from '../baseline.js';
import type { Found, Unread } from '../report.js';

/** The result of an audit, for any format. */
export interface Result {
  /** The folder of the audit, relative to the top of its repository; empty at the top. */
  readonly folder: string;
  /** How many files were audited. */
  readonly files: number;
  /** The findings that are not in the baseline. */
  readonly findings: readonly Found[];
  readonly unread: readonly Unread[];
  /** Null: no baseline was given. */
  readonly baseline: { readonly known: number; readonly gone: readonly Entry[] } | null;
}

/**
 * Writes a result as lines. Text from files may contain control characters: the caller must escape them before
 * printing.
 */
export type Format = (result: Result, version: string) => readonly string[];

/** Rewrites paths to begin at the top of the repository, as code hosts expect. */
export function fromTheTop(result: Result): Result {
  const { folder, findings, unread, baseline } = result;
  const moved = <Placed extends { readonly path: string }>(all: readonly Placed[]): readonly Placed[] =>
    all.map((each) => ({ ...each, path: posix.join(folder, each.path) }));
  return {
    ...result,
    findings: moved(findings),
    unread: moved(unread),
    baseline: baseline && { ...baseline, gone: moved(baseline.gone) },
  };
}

/** How often each name occurs, the most frequent first. */
export function counts(names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1);
  return new Map([...found].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1)));
}

/** A count with its noun: `1 file`, `2,000 files`. */
export const many = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;

/** A finding in one sentence: what it is, and which guards it bypasses. */
export const sentence = ({ kind, what }: Found): string => meanings[kind].replace('…', what);

const meanings: Readonly<Record<Found['kind'], string>> = {
  event: '… is given a response.create',
  text: '… is given a response.create as JSON',
  method: '… sends a response.create',
  built: 'a response.create is built here and sent elsewhere',
  import: '… can send a response.create that no gate has seen',
  construction: '… can send a response.create that no gate has seen',
  socket: '… dials the Realtime API directly',
  channel: '… opens the data channel of the Realtime API directly',
  dropped: 'nobody reads the verdict of …',
  patch: '… is replaced',
  line: '… is written by hand, and may write what it likes',
};

/** A danger, with the guards that matter in it. */
export const riskOf = (danger: Danger): string =>
  danger === 'elsewhere' ? 'goes around every guard' : `${danger} – ${dangers[danger]}`;

/** The function's name, or words for the module itself. */
export const functionOf = (inside: string | null): string => inside ?? '(module)';
