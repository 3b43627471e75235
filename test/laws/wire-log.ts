/**
 * The oracle's input: frames in the order in which the client wrote and read them, and events that are not on the wire.
 */

import type { Allowance } from './purse.js';

export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What the client's user told it, which the wire does not show; `resumed` is what the client told its user. */
export type Told = 'hangup' | 'resumed' | 'close' | 'turn-begins' | 'turn-ends' | 'abandon';

export type Entry = { readonly at: number } & (
  | { readonly kind: 'wrote'; readonly frame: Frame }
  | { readonly kind: 'read'; readonly frame: Frame }
  | { readonly kind: 'lost' }
  /** While no line is live, there is audio for the next. */
  | { readonly kind: 'kept' }
  /** Another line is live from here; `frame` is the echo that it was found good by. */
  | { readonly kind: 'taken over'; readonly frame: Frame }
  | { readonly kind: 'told'; readonly fact: Told }
  /** The user changed the limit, or a store granted money. Nanodollars. */
  | { readonly kind: 'allowed'; readonly limit: number }
  | { readonly kind: 'leased'; readonly nanoUsd: number }
  /** The client checks its clock: only then do deadlines pass. */
  | { readonly kind: 'time' }
);

export type Law = 'L1' | 'L2' | 'L3' | 'L4' | 'L5' | 'L8' | 'L12';

export interface Violation {
  readonly law: Law;
  readonly says: string;
  readonly at: number;
}

/** The client's constants, in milliseconds. */
export interface Constants {
  readonly imminentMs: number;
  readonly turnMs: number;
  readonly transcriptMs: number;
  readonly createdMs: number;
  readonly responseMs: number;
  readonly confirmMs: number;
  readonly turnEnds: 'speech-stopped' | 'transcribed';
  /** `sideband`: others may write to the session, so an unexpected echo is a mismatch only after the timeout. */
  readonly line: 'own' | 'sideband';
  /** The purposes of farewells. */
  readonly farewells: readonly string[];
  /** The budget; null: none. */
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

/** Whether the echo contains everything that was requested. Null requests an absent value. */
export function contains(echo: unknown, asked: unknown): boolean {
  if (asked === undefined || (asked === null && echo === undefined)) return true;
  if (Array.isArray(asked)) {
    return Array.isArray(echo) && echo.length === asked.length && asked.every((each, at) => contains(echo[at], each));
  }
  if (!isObject(asked)) return Object.is(echo, asked);
  return isObject(echo) && Object.entries(asked).every(([key, each]) => contains(field(echo, key), each));
}

/** The configuration after an update: audio, input and output key by key, all else as a whole. */
export function merged(before: Json, change: Json, into: readonly string[] = ['audio']): Json {
  const parts = Object.entries(change).map(([key, value]) => {
    const standing = before[key];
    const inner = key === 'audio' ? ['input', 'output'] : [];
    return [key, into.includes(key) && isObject(standing) && isObject(value) ? merged(standing, value, inner) : value];
  });
  return { ...before, ...Object.fromEntries(parts) };
}
