/** Reads untrusted values: each function returns what it looks for, or nothing. */

export type Json = { readonly [key: string]: unknown };
export const noJson: Json = Object.freeze({});

/** A frame from the server, as far as it can be trusted: an object with a type. */
export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Bytes of audio per millisecond by the format in a session's settings: G.711 at 8 kHz, or 16-bit PCM at 24 kHz. Null: none is named. */
export function bytesPerMsIn(settings: Json, direction: 'input' | 'output'): 8 | 48 | null {
  const type = at(settings, 'audio', direction, 'format', 'type');
  if (type === undefined) return null;
  return type === 'audio/pcmu' || type === 'audio/pcma' ? 8 : 48;
}

/** The value at the end of a path of keys, or undefined. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (!isRecord(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}
