/** What the oracle is given: frames, in the order in which the client wrote and read them, and what is not on the wire. */

import type { Allowance } from './purse.js';

export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What the client was told by its own user, and cannot be seen on the wire; `resumed` it told its user. */
export type Told = 'hangup' | 'resumed' | 'close' | 'turn-begins' | 'turn-ends' | 'abandon';

export type Entry = { readonly at: number } & (
  | { readonly kind: 'wrote'; readonly frame: Frame }
  | { readonly kind: 'read'; readonly frame: Frame }
  | { readonly kind: 'lost' }
  | { readonly kind: 'told'; readonly fact: Told }
  /** The user changed what may be spent, or a store gave something. Nanodollars. */
  | { readonly kind: 'allowed'; readonly limit: number }
  | { readonly kind: 'leased'; readonly nanoUsd: number }
  /** The client has looked at its clock: only this lets deadlines pass. */
  | { readonly kind: 'time' }
);

export type Law = 'L1' | 'L2' | 'L3' | 'L4' | 'L5' | 'L8' | 'L12';

export interface Violation {
  readonly law: Law;
  readonly says: string;
  readonly at: number;
}

/** The constants that the client was given. Milliseconds. */
export interface Constants {
  readonly imminentMs: number;
  readonly turnMs: number;
  readonly transcriptMs: number;
  readonly createdMs: number;
  readonly responseMs: number;
  readonly confirmMs: number;
  readonly turnEnds: 'speech-stopped' | 'transcribed';
  /** `sideband`: others may write to the session, so another's echo is no mismatch before the time is up. */
  readonly line: 'own' | 'sideband';
  /** The purposes under which a hang-up speaks. */
  readonly farewells: readonly string[];
  /** What may be spent; null: as much as it takes. */
  readonly allowance: Allowance | null;
}

export type Json = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a dotted path, or undefined. */
export function field(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split('.')) here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return here;
}
export const text = (value: unknown, path: string): string | null => {
  const found = field(value, path);
  return typeof found === 'string' ? found : null;
};
export const list = (value: unknown, path: string): readonly unknown[] => {
  const found = field(value, path);
  return Array.isArray(found) ? found : [];
};

/** Whether all that was asked for is in the echo. Null asks for nothing to be there. */
export function contains(echo: unknown, asked: unknown): boolean {
  if (asked === undefined || (asked === null && echo === undefined)) return true;
  if (Array.isArray(asked)) {
    return Array.isArray(echo) && echo.length === asked.length && asked.every((each, at) => contains(echo[at], each));
  }
  if (!isObject(asked)) return Object.is(echo, asked);
  return isObject(echo) && Object.entries(asked).every(([key, each]) => contains(field(echo, key), each));
}

/** What stands once an update is confirmed: audio in part, input and output in part, all else as a whole. */
export function merged(before: Json, change: Json, into: readonly string[] = ['audio']): Json {
  const parts = Object.entries(change).map(([key, value]) => {
    const standing = before[key];
    const inner = key === 'audio' ? ['input', 'output'] : [];
    return [key, into.includes(key) && isObject(standing) && isObject(value) ? merged(standing, value, inner) : value];
  });
  return { ...before, ...Object.fromEntries(parts) };
}
