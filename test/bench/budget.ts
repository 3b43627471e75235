import type { BudgetRules } from '../../src/machine/index.js';
import { done, given, inWords, type Bench } from '../machine/bench.js';
import { cpuOf, markdown, median, us } from './measure.js';

/** The cost of a budget per request, in the machine: microseconds for asking, creating and ending one. */
export interface BudgetCost {
  readonly without: number;
  /** The additional cost with an own budget, and with a shared one; measured batch by batch. */
  readonly own: number;
  readonly shared: number;
}

const ROUNDS = 161;
const BATCH = 400;
const ample: BudgetRules = {
  ...{ limit: 9e15, warnAt: 8e15, reserve: null, perResponse: null },
  ...{ atLimit: 'hang-up', farewell: {}, shared: 'no' },
};

export function budgetCost(): BudgetCost {
  const shared = sessionWith({ ...ample, limit: null, warnAt: null, shared: 'yes' });
  shared.step({ type: 'leased', nanoUsd: 9e15, threw: null });
  const [plain, own] = [sessionWith(null), sessionWith(ample)];
  const times = { without: [] as number[], own: [] as number[], shared: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const before = timed(plain);
    const [withOwn, withShared] = [timed(own), timed(shared)];
    const without = (before + timed(plain)) / 2;
    if (round < ROUNDS / 4) continue;
    times.without.push(without);
    times.own.push(withOwn - without);
    times.shared.push(withShared - without);
  }
  return { without: median(times.without), own: median(times.own), shared: median(times.shared) };
}

const sessionWith = (budget: BudgetRules | null): Bench =>
  given({ budget, limits: { responsesInARow: Number.MAX_SAFE_INTEGER, creates: Number.MAX_SAFE_INTEGER } });

let count = 0;
const timed = (bench: Bench): number =>
  cpuOf(BATCH, () => {
    const id = `resp_${++count}`;
    bench.speaks('benchmark', id);
    bench.reads(done(id, 'completed', { ...inWords, usage: { input_tokens: 300, output_tokens: 200 } }));
    bench.forget();
  });

export function budgetTable({ without, own, shared }: BudgetCost): string {
  return markdown([
    ['what', 'without a budget', 'more with one', 'more with one that others draw from'],
    ['a request in the machine: asked, created, done', us(without), us(own), us(shared)],
  ]);
}
