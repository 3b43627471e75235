/** Proves that each law's test can fail: a machine that breaks the law is detected, under the law's name. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { BuiltInGuard } from '../../types/index.js';
import * as ours from '../../src/machine/index.js';
import { deadlines, dimensions, guards, machines, type Notice, type Session } from '../../src/machine/index.js';
import type { Dimension } from '../../src/machine/machines.js';
import type { Machine } from '../support/recorder.js';
import { play } from './play.js';
import { plays } from './scripts.js';

type Loose = Record<string, unknown>;
const mended: (() => void)[] = [];
afterEach(() => mended.splice(0).forEach((mend) => mend()));

/** Replaces an entry of a table of the machine until the test is over. */
function replace(table: unknown, key: string, by: unknown): void {
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
/** Makes one small machine ignore its deadlines. */
const sleeps = (index: number) => (): void => {
  replace(machines[index], 'elapse', undefined);
  replace(machines[index], 'dueAt', undefined);
};
/** The index of the recovery machine, which owns no dimension. */
const recovery = machines.findIndex(({ heeds }) => 'complained' in heeds);
/** The index of the tools' machine, likewise. */
const toolRounds = machines.findIndex(({ heeds }) => 'call-settled' in heeds);
const place = (table: object): number => machines.findIndex(({ tables }) => Object.values(tables).includes(table));

type Mutant = readonly [law: string, what: string, mutate: () => unknown];

const rules: readonly Mutant[] = [
  ['L1', 'does not wait for the confirmation', never('unconfirmed')],
  ['L2', 'does not hear the user', never('user-speaking')],
  ['L2', 'does not expect the server to answer', never('response-imminent')],
  [
    'L2',
    'takes the end of a response for the answer',
    () => replace(dimensions.automatic.rows.imminent, 'slot-freed', 'quiet'),
  ],
  ['L2', 'does not feel the button', () => replace(dimensions.button.rows.released, 'turn-begins', undefined)],
  ['L3', 'speaks on when hanging up', never('hangup-pending')],
  ['L4', 'speaks on when closing', never('closing')],
  ['L5', 'does not see who holds the slot', never('response-active')],
  ['L8', 'asks for more than there is money for', never('over-budget')],
  ['L6', 'forgets what waits when the socket is gone', never('closed')],
  [
    'L9',
    'counts a request that it refuses',
    () => replace(guardNamed('closing'), 'shut', (session: Session) => ++session.items.last < 0),
  ],
  [
    'L10',
    'takes an error for a confirmation',
    () => replace(dimensions.configuration.rows.asking, 'update-failed', 'confirmed'),
  ],
  [
    'L12',
    'lets what is beside the conversation hold its slot',
    () =>
      replace(guardNamed('response-active'), 'shut', ({ requests, responses }: Session) => {
        return responses.open.size > 0 || [...requests.all.values()].some(({ state }) => state === 'sent');
      }),
  ],
];

/** A machine that withholds notices. */
const withholds =
  (...kinds: readonly Notice['kind'][]) =>
  (): Machine => ({
    ...ours,
    step: (...given) => {
      const { frames, notices, commands } = ours.step(...given);
      return { frames, notices: notices.filter(({ kind }) => !kinds.includes(kind)), commands };
    },
  });
/** A machine that sends every output of a tool twice. */
const repeats = (): Machine => ({
  ...ours,
  step: (...given) => {
    const { frames, notices, commands } = ours.step(...given);
    const outputs = frames.filter(({ type }) => type === 'conversation.item.create');
    return { frames: [...frames, ...outputs], notices, commands };
  },
});
const deadlineOf = (dimension: Dimension): object => deadlines.find((each) => each.dimension === dimension)!;

/** The rest of a call besides the gate: tools, hang-up, playback, recovery, the line. */
const calls: readonly Mutant[] = [
  ['L6', 'does not tell what was heard', withholds('heard')],
  ['L7', 'does not tell what became of tools', withholds('tools')],
  ['L14', 'never gives up a tool', sleeps(toolRounds)],
  ['L7', 'answers a call twice', repeats],
  ['L11', 'leaves no records', withholds('record')],
  ['L14', 'tells the operator nothing', withholds('fault')],
  ['L14', 'does not tell that nobody answered', () => replace(deadlineOf('automatic'), 'fault', null)],
  ['L14', 'does not tell of a turn that never ended', () => replace(deadlineOf('voice'), 'fault', null)],
  [
    'L14',
    'waits for an answer for ever',
    () => replace(dimensions.automatic.rows.imminent, 'answer-overdue', undefined),
  ],
  ['L14', 'never ends a hang-up', sleeps(place(dimensions.hangup))],
  ['L14', 'never notices that audio has been heard', sleeps(place(dimensions.playback))],
  ['L14', 'never notices that the peer is dead', sleeps(place(dimensions.line))],
  ['L14', 'never makes good what failed', sleeps(recovery)],
  ['L13', 'remembers more than it was given', () => replaceClock()],
];

/** A machine that reads something outside itself. */
function replaceClock(): void {
  let looked = 0;
  replace(guardNamed('loop'), 'shut', () => ++looked % 3 === 0);
}

describe('a broken machine is found out', () => {
  it.each([...rules, ...calls])('by %s: it %s', (law, _what, mutate) => {
    const machine = mutate() as Machine | undefined;
    const seen = new Set<string>();
    for (let seed = 1; seed <= 10 && !seen.has(law); seed++) {
      for (const script of fc.sample(plays(100), { seed, numRuns: 40 })) {
        for (const wrong of play(script, machine).wrong) seen.add(wrong.split(':')[0] ?? '');
        if (seen.has(law)) break;
      }
    }
    expect([...seen]).toContain(law);
  });
});
