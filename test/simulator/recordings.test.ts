import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/money/cost.js';
import { modelPrice, publishedPrices } from '../../src/money/prices.js';
import { tokensOf } from '../../src/money/usage.js';
import type { Entry } from './conductor.js';
import { conduct } from './conductor.js';

const folder = process.env['REALTIME_RECORDINGS'];
const files = folder ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];

/** The files have one JSON line per frame: `{ direction, event }`. Set REALTIME_RECORDINGS to their folder. */
describe.skipIf(files.length === 0)('a recorded session, its client frames replayed', () => {
  it.each(files)('%s is answered by the same events in the same order, with the same fields', (name) => {
    const entries = entriesOf(name);
    const ours = receivedIn(conduct(entries));
    const theirs = receivedIn(entries);
    expect(ours.map(({ type }) => type)).toEqual(theirs.map(({ type }) => type));
    for (const [index, event] of theirs.entries()) expect(fieldsOf(ours[index])).toEqual(fieldsOf(event));
  });

  it.each(files)('%s costs, response by response, within a tenth of what it cost', (name) => {
    const entries = entriesOf(name);
    const theirs = costsIn(entries);
    const ours = costsIn(conduct(entries));
    expect(ours).toHaveLength(theirs.length);
    for (const [index, cost] of theirs.entries()) {
      expect(Math.abs(ours[index]! - cost) / cost, `response ${index}`).toBeLessThan(0.1);
    }
  });
});

const entriesOf = (name: string): Entry[] =>
  readFileSync(join(folder ?? '', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);

/** In nanodollars, at the prices of the recorded model. */
const costsIn = (entries: readonly Entry[]): number[] =>
  receivedIn(entries)
    .filter(({ type }) => type === 'response.done')
    .map(({ response }) => costOf(tokensOf(response.usage), modelPrice(publishedPrices, 'gpt-realtime')!));

const receivedIn = (entries: readonly Entry[]) =>
  entries.filter(({ direction }) => direction === 'received').map(({ event }) => event);

/** The structure of a value: names, nulls and types only. */
function fieldsOf(value: unknown): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(fieldsOf);
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fieldsOf(each)]));
}
