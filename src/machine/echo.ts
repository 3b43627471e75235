import type { Difference } from '../../types/index.js';
import { isRecord, type Json } from './read.js';

/** Settings that the server keeps to itself, and should: they are asked for and not echoed. */
const secret = new Set(['authorization', 'headers']);

/** Every asked-for path that the echo does not have, or has otherwise. What was not asked for may be anything. */
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
  // To clear a setting is to ask for null; an echo without it has it cleared.
  return Object.is(asked, got) || (asked === null && got === undefined) ? [] : [{ path, asked, got }];
}

/** The server's own way of merging an update: `audio`, `audio.input` and `audio.output` in part, all else as a whole. */
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
