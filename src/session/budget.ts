import type { Budget, BudgetChange, BudgetStore, PriceTable, SessionSettings } from '../../types/index.js';
import { MisuseError } from '../errors.js';
import { at, type BudgetRules, shortAnswerCost, textOf } from '../machine/index.js';
import { nanoOf } from '../money/dollars.js';
import { modelPrice, transcriptionPrice } from '../money/prices.js';
import { check, checkKeys, checkObject } from './check.js';
import { paramsOf } from './respond.js';

const OPTIONS = ['limit', 'warnAt', 'reserve', 'perResponse', 'atLimit', 'farewell', 'store'];
const AT_LIMIT: ReadonlySet<unknown> = new Set(['hang-up', 'stop-answering', 'tell']);
const GOODBYE = { instructions: 'Say in one short sentence that you must end the call now, and say goodbye.' };

/** Checks and copies the rules of a budget. Throws `MisuseError` for invalid amounts. */
export function budgetOf(budget: Budget): BudgetRules {
  checkObject(budget, 'budget');
  checkKeys(budget, 'budget', OPTIONS);
  const { atLimit = 'hang-up', farewell = GOODBYE, store } = budget;
  check(AT_LIMIT.has(atLimit), () => `atLimit of the budget is one of ${[...AT_LIMIT].join(', ')}.`);
  check(store === undefined || isStore(store), 'store of the budget is an object with lease() and settle().');
  check(store !== undefined || budget.limit !== undefined, 'A budget has a limit, or a store.');
  const [limit, warnAt] = [nano(budget, 'limit'), nano(budget, 'warnAt')];
  const [reserve, perResponse] = [nano(budget, 'reserve'), nano(budget, 'perResponse')];
  mustFit(limit, warnAt);
  check(limit === null || (reserve ?? 0) < limit, 'reserve of the budget is less than its limit.');
  return {
    limit,
    warnAt,
    reserve,
    perResponse,
    atLimit,
    farewell: paramsOf(farewell) ?? {},
    shared: store ? 'yes' : 'no',
  };
}

/** Checks and copies what `setBudget()` is given, in the same way. */
export function budgetChangeOf(change: BudgetChange): { readonly limit: number; readonly warnAt: number | null } {
  checkObject(change, 'setBudget()');
  checkKeys(change, 'setBudget()', ['limit', 'warnAt']);
  const [limit, warnAt] = [nano(change, 'limit'), nano(change, 'warnAt')];
  if (limit === null) throw new MisuseError('setBudget() takes a limit: US dollars that the session may spend in all.');
  mustFit(limit, warnAt);
  return { limit, warnAt };
}

function mustFit(limit: number | null, warnAt: number | null): void {
  check(limit === null || warnAt === null || warnAt <= limit, 'warnAt of the budget is not above its limit.');
}

/** The largest amount in dollars that nanodollars still count exactly. */
const MOST = 9_000_000;

/** Converts US dollars to nanodollars. */
function nano<Name extends string>(amounts: { readonly [Each in Name]?: unknown }, name: Name): number | null {
  const dollars = amounts[name];
  if (dollars === undefined) return null;
  const isAmount = typeof dollars === 'number' && dollars > 0 && dollars <= MOST;
  check(
    isAmount,
    `${name} of the budget is a positive number of US dollars, at most ${MOST}; it is ${String(dollars)}.`,
  );
  return Math.max(1, nanoOf(dollars));
}

const isStore = (store: BudgetStore): boolean =>
  typeof store?.lease === 'function' && typeof store.settle === 'function';

/**
 * Throws `MisuseError` where a model has no price, since its use could not be counted, or where the limit does not pay
 * for one response and the reserve.
 */
export function mustBePriced(
  rules: { readonly budget: BudgetRules | null; readonly prices: PriceTable },
  { model, transcriber }: { readonly model: string | null; readonly transcriber: string | null },
): void {
  const { budget, prices } = rules;
  if (!budget) return;
  const price = modelPrice(prices, model);
  if (!price) throw new MisuseError(`A budget needs a price for the model ${named(model)}: ${PUT_IT}`);
  if (transcriber !== null && !transcriptionPrice(prices, transcriber)) {
    throw new MisuseError(`A budget needs a price for the transcription model ${named(transcriber)}: ${PUT_IT}`);
  }
  const perResponse = budget.perResponse ?? shortAnswerCost(price);
  const least = perResponse + (budget.reserve ?? perResponse);
  check(
    budget.limit === null || least <= budget.limit,
    `The limit of the budget does not pay for one response: with what is kept for a farewell it takes ${least / 1e9} dollars. Raise the limit, or say what less costs (perResponse, reserve).`,
  );
}
const PUT_IT = 'put it into the plan, as prices.';
const named = (model: string | null): string => (model === null ? 'that nobody has named' : `'${model}'`);

/** The transcription model in the settings; null: none. */
export const transcriberIn = (session: SessionSettings | undefined): string | null =>
  textOf(at(session, 'audio', 'input', 'transcription', 'model'));
