import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Entry } from './conductor.js';
import { conduct } from './conductor.js';

const folder = process.env['REALTIME_RECORDINGS'];
const files = folder ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];

/** One JSON line for each frame: `{ direction, event }`. Set REALTIME_RECORDINGS to the folder they are in. */
describe.skipIf(files.length === 0)('a recorded session, its client frames replayed', () => {
  it.each(files)('%s is answered by the same events in the same order, with the same fields', (name) => {
    const entries = readFileSync(join(folder ?? '', name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry);
    const ours = receivedIn(conduct(entries));
    const theirs = receivedIn(entries);
    expect(ours.map(({ type }) => type)).toEqual(theirs.map(({ type }) => type));
    for (const [index, event] of theirs.entries()) expect(fieldsOf(ours[index])).toEqual(fieldsOf(event));
  });
});

const receivedIn = (entries: readonly Entry[]) =>
  entries.filter(({ direction }) => direction === 'received').map(({ event }) => event);

/** The same value with everything but names, nulls and types of values taken out. */
function fieldsOf(value: unknown): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(fieldsOf);
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fieldsOf(each)]));
}
