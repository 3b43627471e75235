import type { ModelPrice } from '../../types/index.js';
import { costOf } from '../money/cost.js';
import { inDollars } from '../money/dollars.js';
import { modelPrice } from '../money/prices.js';
import { noTokens } from '../money/usage.js';
import { serverAnswers } from './automatic-answer.js';
import { isOpen } from './connection.js';
import type { Thrown } from './asking.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import type { Json } from './read.js';
import { out, type Request } from './request.js';
import { openResponses } from './response.js';
import { modelOf } from './spending.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { epochOf } from './update.js';
import { command, fault, post, type Work } from './work.js';

/**
 * What the session may spend. `low`: the operator has been warned. `spent`: nothing more fits but a goodbye. The server's
 * own answers ask nobody: what becomes of them at the limit, the rules say.
 */
export const budgetTable = table<'ample' | 'low' | 'spent'>('budget', {
  ample: { 'budget-low': 'low', 'budget-spent': 'spent' },
  low: { 'budget-spent': 'spent', 'budget-raised': 'ample' },
  spent: { 'budget-raised': 'ample' },
});
/** Money of a shared budget is set aside ahead of its use. */
export const leaseTable = table<'settled' | 'asked' | 'refused' | 'returned'>('lease', {
  settled: { 'lease-asked': 'asked', gone: 'returned' },
  asked: { 'lease-granted': 'settled', 'lease-refused': 'refused', gone: 'returned' },
  refused: { 'lease-asked': 'asked', gone: 'returned' },
  returned: {},
});

/** The rules of a budget, in nanodollars. */
export interface BudgetRules {
  /** Null: none of the session's own. */
  readonly limit: number | null;
  readonly warnAt: number | null;
  /** Kept for a farewell or an apology; null: as much as one response is taken to cost. */
  readonly reserve: number | null;
  /** The least that a response in flight is taken to cost; null: what a short answer costs. */
  readonly perResponse: number | null;
  readonly atLimit: 'hang-up' | 'stop-answering' | 'tell';
  /** Said before the call is ended. */
  readonly farewell: Json;
  /** Whether money is drawn from a budget that others draw from as well. */
  readonly shared: 'yes' | 'no';
}

export interface Budget {
  /** The limit as it stands now; null: none. */
  limit: number | null;
  warnAt: number | null;
  /** What has been set aside for this session out of a shared budget. */
  leased: number;
  /** What is done once it is spent; of a session without a budget, nothing. */
  atLimit: BudgetRules['atLimit'];
  farewell: Json;
  /** The dearest response so far. */
  dearest: number;
  /** Whether the server has been told to answer no more by itself. */
  silenced: 'yes' | 'no';
}

export const firstBudget = (budget: BudgetRules | null): Budget => ({
  limit: budget?.limit ?? null,
  warnAt: budget?.warnAt ?? null,
  leased: 0,
  atLimit: budget?.atLimit ?? 'tell',
  farewell: budget?.farewell ?? {},
  dearest: 0,
  silenced: 'no',
});

// Questions ------------------------------------------------------------------------------------------------------------

/** A short answer early in a call: instructions and tools, half a minute heard, a quarter of a minute said. */
const shortAnswer = {
  ...noTokens,
  text: { input: 1_500, cached: 0, output: 75, reasoning: 0 },
  audio: { input: 300, cached: 0, output: 300 },
};
/** What a short answer costs at this price, in nanodollars. */
export const shortAnswerCost = (price: ModelPrice): number => costOf(shortAnswer, price);

/** What a response that is in flight is taken to cost: as much as the dearest so far, and no less than the plan says. */
function estimateOf(session: Session): number {
  const { budget, rules } = session;
  const price = modelPrice(rules.prices, modelOf(session));
  return Math.max(budget.dearest, rules.budget?.perResponse ?? (price ? shortAnswerCost(price) : 0));
}

/** What is set aside for all that is in flight: creates that are out, and responses that have not ended. */
export const reservedIn = (session: Session, estimate = estimateOf(session)): number =>
  (out(session).length + openResponses(session).length) * estimate;

/** All that there is to be spent; Infinity without a budget. */
function meansOf({ budget, rules }: Session): number {
  const own = budget.limit ?? Infinity;
  return rules.budget?.shared === 'yes' ? Math.min(own, budget.leased) : own;
}

const keptIn = ({ rules }: Session, estimate: number): number => rules.budget?.reserve ?? estimate;

/** What the call is to end with may use what is kept for it. */
const isGoodbye = ({ origin }: Pick<Request, 'origin'>): boolean => origin === 'farewell' || origin === 'apology';

/** Whether one more response would not fit, beside what is spent and what is in flight. */
export function isOverBudget(session: Session, asker: Pick<Request, 'origin'>): boolean {
  if (session.rules.budget === null) return false;
  const estimate = estimateOf(session);
  const needed = keptIn(session, estimate) + (isGoodbye(asker) ? 0 : estimate);
  return session.spending.total.nanoUsd + reservedIn(session, estimate) + needed > meansOf(session);
}

/** Whether nothing more would fit even once all that is in flight had ended for nothing. */
function isSpent(session: Session): boolean {
  const estimate = estimateOf(session);
  return session.spending.total.nanoUsd + estimate + keptIn(session, estimate) > meansOf(session);
}

// What is spent --------------------------------------------------------------------------------------------------------

function onCharged(work: Work, { nanoUsd }: Facts['charged']): void {
  const { budget, rules, spending } = work.session;
  budget.dearest = Math.max(budget.dearest, nanoUsd ?? 0);
  if (rules.budget && nanoUsd === null && spending.total.unpriced === 1) fault(work, UNPRICED, null, 'user');
  weigh(work);
}
const UNPRICED = 'A model without a known price was used: the budget does not count what it costs.';

/** Looks at what is left, and says so where it has become little. */
function weigh(work: Work): void {
  const { session } = work;
  if (session.rules.budget === null || !isOpen(session)) return;
  const comes = fetchAhead(work);
  if (epochOf(session) === 0) return;
  if (session.is.budget === 'spent') return isSpent(session) ? undefined : post(work, 'budget-raised');
  if (isSpent(session)) return comes === 'more may come' ? undefined : post(work, 'budget-spent');
  const { warnAt } = session.budget;
  const isLow = warnAt !== null && session.spending.total.nanoUsd >= warnAt;
  if (isLow && session.is.budget === 'ample') post(work, 'budget-low');
}

function onLow(work: Work): void {
  const { limit } = work.session.budget;
  const whole = limit === null ? '' : ` of ${inDollars(limit)}`;
  fault(work, `The session has spent ${spentOf(work.session)}${whole}: the budget is running low.`, null, 'user');
}

const spentOf = ({ spending }: Session): string => inDollars(spending.total.nanoUsd);

/** All that there was to be spent, and whose limit that is. */
const meansInWords = (session: Session): string =>
  inDollars(meansOf(session)) + (isBoundByStore(session) ? ' that the shared budget had for it' : '');

const isBoundByStore = ({ budget, rules }: Session): boolean =>
  rules.budget?.shared === 'yes' && budget.leased < (budget.limit ?? Infinity);

/** The budget is spent: what the rules want done about the server's own answers is done once. */
function onSpent(work: Work): void {
  const { atLimit, farewell } = work.session.budget;
  const { session } = work;
  const spent = `${spentOf(session)} of ${meansInWords(session)}`;
  fault(work, `The session has spent ${spent}: nothing more is asked for.`, null, 'user');
  if (atLimit === 'hang-up') {
    const asked = { purpose: 'farewell', farewell, onBargeIn: 'hang-up', deadlineMs: HANG_UP_MS, root: null } as const;
    post(work, 'hangup-wanted', { asked: { ...asked, why: 'budget' } });
  } else if (atLimit === 'stop-answering' && serverAnswers(session)) {
    session.budget.silenced = 'yes';
    post(work, 'answers-wanted', { how: 'no more' });
  }
}
/** The bound of a hang-up that the budget begins, in milliseconds. */
const HANG_UP_MS = 30_000;

function onRaised(work: Work): void {
  if (work.session.budget.silenced === 'no') return;
  work.session.budget.silenced = 'no';
  post(work, 'answers-wanted', { how: 'again' });
}

/** `setBudget()`. */
export function changeBudget(work: Work, limit: number, warnAt: number | null): void {
  const { budget, is } = work.session;
  budget.limit = limit;
  budget.warnAt = warnAt;
  if (is.budget === 'low') post(work, 'budget-raised');
  weigh(work);
}

/** The rules have been given: what they say of the budget stands from here. */
export function beginBudget(work: Work): void {
  const { session } = work;
  const { leased, dearest } = session.budget;
  session.budget = { ...firstBudget(session.rules.budget), leased, dearest };
  fetchAhead(work);
}

// A shared budget ------------------------------------------------------------------------------------------------------

/** How many responses are paid ahead. */
const AHEAD = 4;
/** How long a store may take, and after how long one that had nothing to give is asked again. Milliseconds. */
const LEASE_MS = 10_000;
const AGAIN_MS = 5_000;

/** Sets money aside while there is still some, so that a request need not wait for it. */
function fetchAhead(work: Work): 'more may come' | 'no more comes' {
  const { session } = work;
  const { rules, is, budget, spending } = session;
  if (is.lease === 'asked') return 'more may come';
  if (rules.budget?.shared !== 'yes' || is.lease !== 'settled') return 'no more comes';
  const estimate = estimateOf(session);
  const left = budget.leased - spending.total.nanoUsd - reservedIn(session, estimate) - keptIn(session, estimate);
  if (left >= 2 * estimate) return 'no more comes';
  lease(work);
  return 'more may come';
}

function lease(work: Work): void {
  post(work, 'lease-asked');
  command(work, { do: 'lease', nanoUsd: AHEAD * estimateOf(work.session) });
}

/**
 * What the store has set aside: less than was asked for where it has no more. Also where nobody waits for it any more; what
 * comes after the end is given back.
 */
export function leased(work: Work, nanoUsd: number, threw: Thrown | null): void {
  const { session } = work;
  if (threw) fault(work, `The store of the budget failed: ${threw.words}`, threw);
  if (session.is.lease === 'returned') return giveBack(work, { leasedNanoUsd: nanoUsd, spentNanoUsd: 0 });
  session.budget.leased += nanoUsd;
  post(work, nanoUsd < estimateOf(session) ? 'lease-refused' : 'lease-granted');
}

function onEnd(work: Work): void {
  const { budget, rules, spending } = work.session;
  if (rules.budget?.shared !== 'yes') return;
  giveBack(work, { leasedNanoUsd: budget.leased, spentNanoUsd: spending.total.nanoUsd });
}

function giveBack(work: Work, used: { readonly leasedNanoUsd: number; readonly spentNanoUsd: number }): void {
  command(work, { do: 'settle-lease', ...used });
}

function elapse(work: Work): void {
  const { session } = work;
  if (session.now < watchesAt(session)) return;
  if (session.is.lease === 'refused') return lease(work);
  fault(work, 'The store of the budget has not answered.', null, 'user');
  post(work, 'lease-refused');
}

function watchesAt(session: Session): number {
  const { is, since } = session;
  if (is.lease === 'asked') return since.lease + LEASE_MS;
  return is.lease === 'refused' && isOpen(session) ? since.lease + AGAIN_MS : Infinity;
}

export const budget: Part = {
  tables: { budget: budgetTable, lease: leaseTable },
  heeds: {
    charged: onCharged,
    'budget-low': onLow,
    'budget-spent': onSpent,
    'budget-raised': onRaised,
    'lease-granted': weigh,
    'lease-refused': weigh,
    'echo-matches': weigh,
    gone: onEnd,
  },
  watchesAt,
  elapse,
};
