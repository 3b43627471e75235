/** Each law's test can fail: a gate that breaks the law is found out, by the name of the law. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { BuiltInGuard } from '../../types/index.js';
import { dimensions, guards, requestLife, type Gate } from '../../src/machine/index.js';
import { gateActs } from './known.js';
import { play } from './play.js';
import { plays } from './script.js';

type Loose = Record<string, unknown>;
const mended: (() => void)[] = [];
afterEach(() => mended.splice(0).forEach((mend) => mend()));

/** Puts something else into a table of the gate, until the test is over. */
function replace(table: object, key: string, by: unknown): void {
  const loose = table as Loose;
  const before = Object.hasOwn(loose, key) ? { is: loose[key] } : null;
  mended.push(() => {
    if (before) loose[key] = before.is;
    else Reflect.deleteProperty(loose, key);
  });
  if (by === undefined) Reflect.deleteProperty(loose, key);
  else loose[key] = by;
}
const guardNamed = (name: BuiltInGuard) => guards.find((guard) => guard.name === name)!;
const never = (name: BuiltInGuard) => (): void => replace(guardNamed(name), 'shut', () => false);

const mutants: readonly (readonly [law: string, what: string, mutate: () => void])[] = [
  ['L1', 'does not wait for the confirmation', never('unconfirmed')],
  ['L2', 'does not hear the user', never('user-speaking')],
  ['L2', 'does not expect the server to answer', never('response-imminent')],
  [
    'L2',
    'takes the end of a response for the answer',
    () => replace(dimensions.automatic.imminent, 'slot-freed', 'quiet'),
  ],
  ['L3', 'speaks on when hanging up', never('hangup-pending')],
  ['L4', 'speaks on when closing', never('closing')],
  ['L5', 'does not see who holds the slot', never('response-active')],
  ['L6', 'forgets a create when the socket is gone', () => replace(requestLife.sent, 'gone', undefined)],
  ['L6', 'forgets what waits when the socket is gone', never('closed')],
  ['L8', 'does not count', never('over-budget')],
  [
    'L9',
    'counts a request that it refuses',
    () => replace(guardNamed('over-budget'), 'shut', (gate: Gate) => gate.budget === 'over' && ++gate.lastMark > 0),
  ],
  [
    'L10',
    'takes an error for a confirmation',
    () => replace(dimensions.configuration.asking, 'update-failed', 'confirmed'),
  ],
  [
    'L12',
    'lets what is beside the conversation hold its slot',
    () =>
      replace(guardNamed('response-active'), 'shut', ({ requests, responses }: Gate) => {
        return responses.size > 0 || [...requests.values()].some(({ state }) => state === 'sent');
      }),
  ],
];

describe('a broken gate is found out', () => {
  it.each(mutants)('by %s: it %s', (law, _what, mutate) => {
    mutate();
    const seen = new Set<string>();
    for (let seed = 1; seed <= 10 && !seen.has(law); seed++) {
      for (const script of fc.sample(plays(100, gateActs), { seed, numRuns: 40 })) {
        for (const wrong of play(script).wrong) seen.add(wrong.split(':')[0] ?? '');
      }
    }
    expect([...seen]).toContain(law);
  });
});
