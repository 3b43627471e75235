import type { Difference } from '../../types/index.js';
import { isRecord, type Json } from './read.js';

/** Secret settings, which the server does not echo. */
const secret = new Set(['authorization', 'headers']);

/**
 * Lists every requested path that the echo lacks or has with another value. Settings that were not requested may
 * differ.
 */
export function differencesIn(asked: unknown, got: unknown, path = ''): readonly Difference[] {
  if (asked === undefined) return [];
  if (Array.isArray(asked)) {
    if (!Array.isArray(got) || got.length !== asked.length) return [{ path, asked, got }];
    return asked.flatMap((each, index) => differencesIn(each, got[index], `${path}[${index}]`));
  }
  if (isRecord(asked)) {
    if (!isRecord(got)) return [{ path, asked, got }];
    return Object.keys(asked)
      .filter((key) => !secret.has(key))
      .flatMap((key) =>
        differencesIn(asked[key], Object.hasOwn(got, key) ? got[key] : undefined, path ? `${path}.${key}` : key),
      );
  }
  // Asking for null clears a setting; an echo without it confirms that.
  return Object.is(asked, got) || (asked === null && got === undefined) ? [] : [{ path, asked, got }];
}

/**
 * Merges an update as the server does: `audio`, `audio.input` and `audio.output` key by key, everything else as a
 * whole.
 */
export function mergeSettings(standing: Json, change: Json, path = ''): Json {
  const merged: Record<string, unknown> = { ...standing };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const before = merged[key];
    const nested = inPart.has(path + key) && isRecord(before) && isRecord(value);
    merged[key] = nested ? mergeSettings(before, value, `${path}${key}.`) : value;
  }
  return merged;
}
const inPart: ReadonlySet<string> = new Set(['audio', 'audio.input', 'audio.output']);
