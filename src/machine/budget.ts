import type { ModelPrice } from '../../types/index.js';
import { costOf } from '../money/cost.js';
import { inDollars } from '../money/dollars.js';
import { modelPrice } from '../money/prices.js';
import { noTokens } from '../money/usage.js';
import { serverAnswers } from './automatic-answer.js';
import { goesOn } from './connection.js';
import type { Thrown } from './asking.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import { type Json, noJson } from './read.js';
import { out, type Request } from './request.js';
import { openResponses } from './response.js';
import { modelOf, spentIn } from './spending.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { epochOf } from './update.js';
import { command, fault, post, type Work } from './work.js';

/**
 * What the session may still spend. `low`: the operator has been warned. `spent`: only a goodbye still fits. The
 * server's own answers pass no guard, so `atLimit` in the rules says what to do about them.
 */
export const budgetTable = table<'ample' | 'low' | 'spent'>('budget', {
  ample: { 'budget-low': 'low', 'budget-spent': 'spent' },
  low: { 'budget-spent': 'spent', 'budget-raised': 'ample' },
  spent: { 'budget-raised': 'ample' },
});
/** Whether money has been set aside from a shared budget, ahead of its use. */
export const leaseTable = table<'settled' | 'asked' | 'refused' | 'returned'>('lease', {
  settled: { 'lease-asked': 'asked', gone: 'returned' },
  asked: { 'lease-granted': 'settled', 'lease-refused': 'refused', gone: 'returned' },
  refused: { 'lease-asked': 'asked', gone: 'returned' },
  returned: {},
});

/** The rules of a budget, in nanodollars. */
export interface BudgetRules {
  /** Null: this session has no limit of its own. */
  readonly limit: number | null;
  readonly warnAt: number | null;
  /** The amount kept for a farewell or an apology; null: the estimate for one response. */
  readonly reserve: number | null;
  /** The lowest estimate for a response in flight; null: the cost of a short answer. */
  readonly perResponse: number | null;
  readonly atLimit: 'hang-up' | 'stop-answering' | 'tell';
  /** The parameters of the farewell that is spoken before the budget ends the call. */
  readonly farewell: Json;
  /** Whether other sessions draw from the same budget. */
  readonly shared: 'yes' | 'no';
}

export interface Budget {
  /** The current limit; null: none. */
  limit: number | null;
  warnAt: number | null;
  /** The amount set aside for this session out of a shared budget. */
  leased: number;
  /** What to do once the budget is spent; `nothing` where the session has no budget. */
  atLimit: BudgetRules['atLimit'];
  farewell: Json;
  /** The cost of the most expensive response so far. */
  dearest: number;
  /** Whether the server has been told to stop answering by itself. */
  silenced: 'yes' | 'no';
}

export const firstBudget = (budget: BudgetRules | null): Budget => ({
  limit: budget?.limit ?? null,
  warnAt: budget?.warnAt ?? null,
  leased: 0,
  atLimit: budget?.atLimit ?? 'tell',
  farewell: budget?.farewell ?? noJson,
  dearest: 0,
  silenced: 'no',
});

// Questions ------------------------------------------------------------------------------------------------------------

/** The usage of a short answer early in a call: instructions and tools, 30 s of audio in, 15 s of audio out. */
const shortAnswer = {
  ...noTokens,
  text: { input: 1_500, cached: 0, output: 75, reasoning: 0 },
  audio: { input: 300, cached: 0, output: 300 },
};
/** What a short answer costs at this price, in nanodollars. */
export const shortAnswerCost = (price: ModelPrice): number => costOf(shortAnswer, price);

/** The estimated cost of a response in flight: the highest cost so far, and at least what the plan says. */
function estimateOf(session: Session): number {
  const { budget, rules } = session;
  const price = modelPrice(rules.prices, modelOf(session));
  return Math.max(budget.dearest, rules.budget?.perResponse ?? (price ? shortAnswerCost(price) : 0));
}

/** The amount reserved for everything in flight: creates that are out, and responses that have not ended. */
export const reservedIn = (session: Session, estimate = estimateOf(session)): number => inFlight(session) * estimate;

const inFlight = (session: Session): number => out(session).length + openResponses(session).length;

/** The total that may be spent; Infinity without a budget. */
function meansOf({ budget, rules }: Session): number {
  const own = budget.limit ?? Infinity;
  return rules.budget?.shared === 'yes' ? Math.min(own, budget.leased) : own;
}

const keptIn = ({ rules }: Session, estimate: number): number => rules.budget?.reserve ?? estimate;

/** A farewell and an apology may use the reserve. */
const isGoodbye = ({ origin }: Pick<Request, 'origin'>): boolean => origin === 'farewell' || origin === 'apology';

/** Whether one more response would exceed the budget, after what is spent and reserved. */
export function isOverBudget(session: Session, asker: Pick<Request, 'origin'>): boolean {
  if (session.rules.budget === null) return false;
  const estimate = estimateOf(session);
  const needed = keptIn(session, estimate) + (isGoodbye(asker) ? 0 : estimate);
  return spentIn(session) + reservedIn(session, estimate) + needed > meansOf(session);
}

/** Whether no response would fit, even if everything in flight turned out to cost nothing. */
function isSpent(session: Session): boolean {
  const estimate = estimateOf(session);
  return spentIn(session) + estimate + keptIn(session, estimate) > meansOf(session);
}

// What is spent --------------------------------------------------------------------------------------------------------

function onCharged(work: Work, { nanoUsd }: Facts['charged']): void {
  const { budget, rules, spending } = work.session;
  budget.dearest = Math.max(budget.dearest, nanoUsd ?? 0);
  if (rules.budget && nanoUsd === null && spending.total.unpriced === 1) fault(work, UNPRICED, null, 'user');
  weigh(work);
}
const UNPRICED = 'A model without a known price was used: the budget does not count what it costs.';

/** Takes what is in flight on a line that is lost for spent: nobody will report what it used. */
function noteLost({ session }: Work): void {
  const { spending } = session;
  const count = inFlight(session);
  const nanoUsd = spending.lost.nanoUsd + count * estimateOf(session);
  spending.lost = { count: spending.lost.count + count, nanoUsd };
}

function onDropped(work: Work): void {
  noteLost(work);
  post(work, 'lost-charged');
}

/** Compares spending with the limit, and reports when the budget becomes low or spent. */
function weigh(work: Work): void {
  const { session } = work;
  if (session.rules.budget === null || !goesOn(session)) return;
  const comes = fetchAhead(work);
  if (epochOf(session) === 0) return;
  if (session.is.budget === 'spent') return isSpent(session) ? undefined : post(work, 'budget-raised');
  if (isSpent(session)) return comes === 'more may come' ? undefined : post(work, 'budget-spent');
  const { warnAt } = session.budget;
  const isLow = warnAt !== null && spentIn(session) >= warnAt;
  if (isLow && session.is.budget === 'ample') post(work, 'budget-low');
}

function onLow(work: Work): void {
  const { limit } = work.session.budget;
  const whole = limit === null ? '' : ` of ${inDollars(limit)}`;
  fault(work, `The session has spent ${spentOf(work.session)}${whole}: the budget is running low.`, null, 'user');
}

const spentOf = (session: Session): string => inDollars(spentIn(session));

/** The total that could be spent and whose limit it is, in words for an error message. */
const meansInWords = (session: Session): string =>
  inDollars(meansOf(session)) + (isBoundByStore(session) ? ' that the shared budget had for it' : '');

const isBoundByStore = ({ budget, rules }: Session): boolean =>
  rules.budget?.shared === 'yes' && budget.leased < (budget.limit ?? Infinity);

/** Silences the server's own answers, or begins the hang-up, once the budget is spent, as the rules say. */
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
/** The timeout of a hang-up that the budget begins, in milliseconds. */
const HANG_UP_MS = 30_000;

function onRaised(work: Work): void {
  if (work.session.budget.silenced === 'no') return;
  work.session.budget.silenced = 'no';
  post(work, 'answers-wanted', { how: 'again' });
}

/** Handles `setBudget()`. */
export function changeBudget(work: Work, limit: number, warnAt: number | null): void {
  const { budget, is } = work.session;
  budget.limit = limit;
  budget.warnAt = warnAt;
  if (is.budget === 'low') post(work, 'budget-raised');
  weigh(work);
}

/** Takes the budget's initial limits from the rules. */
export function beginBudget(work: Work): void {
  const { session } = work;
  const { leased, dearest } = session.budget;
  session.budget = { ...firstBudget(session.rules.budget), leased, dearest };
  fetchAhead(work);
}

// A shared budget ------------------------------------------------------------------------------------------------------

/** How many responses to set money aside for in advance. */
const AHEAD = 4;
/**
 * How long a store may take to answer, and how long to wait before asking again one that had no money. Milliseconds.
 */
const LEASE_MS = 10_000;
const AGAIN_MS = 5_000;

/** Sets more money aside before the last of it is spent, so that requests need not wait for the store. */
function fetchAhead(work: Work): 'more may come' | 'no more comes' {
  const { session } = work;
  const { rules, is, budget } = session;
  if (is.lease === 'asked') return 'more may come';
  if (rules.budget?.shared !== 'yes' || is.lease !== 'settled') return 'no more comes';
  const estimate = estimateOf(session);
  const left = budget.leased - spentIn(session) - reservedIn(session, estimate) - keptIn(session, estimate);
  if (left >= 2 * estimate) return 'no more comes';
  lease(work);
  return 'more may come';
}

function lease(work: Work): void {
  post(work, 'lease-asked');
  command(work, { do: 'lease', nanoUsd: AHEAD * estimateOf(work.session) });
}

/**
 * Takes what the store has set aside, which may be less than asked for and may come after the request timed out. What
 * arrives after the session has ended is given back.
 */
export function leased(work: Work, nanoUsd: number, threw: Thrown | null): void {
  const { session } = work;
  if (threw) fault(work, `The store of the budget failed: ${threw.words}`, threw);
  if (session.is.lease === 'returned') return giveBack(work, { leasedNanoUsd: nanoUsd, spentNanoUsd: 0 });
  session.budget.leased += nanoUsd;
  post(work, nanoUsd < estimateOf(session) ? 'lease-refused' : 'lease-granted');
}

function onEnd(work: Work): void {
  const { budget, rules } = work.session;
  noteLost(work);
  if (rules.budget?.shared !== 'yes') return;
  giveBack(work, { leasedNanoUsd: budget.leased, spentNanoUsd: spentIn(work.session) });
}

function giveBack(work: Work, used: { readonly leasedNanoUsd: number; readonly spentNanoUsd: number }): void {
  command(work, { do: 'settle-lease', ...used });
}

function onTick(work: Work): void {
  const { session } = work;
  if (session.now < watchesAt(session)) return;
  if (session.is.lease === 'refused') return lease(work);
  fault(work, 'The store of the budget has not answered.', null, 'user');
  post(work, 'lease-refused');
}

function watchesAt(session: Session): number {
  const { is, since } = session;
  if (is.lease === 'asked') return since.lease + LEASE_MS;
  return is.lease === 'refused' && goesOn(session) ? since.lease + AGAIN_MS : Infinity;
}

export const budget: Part = {
  tables: { budget: budgetTable, lease: leaseTable },
  handlers: {
    charged: onCharged,
    'budget-low': onLow,
    'budget-spent': onSpent,
    'budget-raised': onRaised,
    'lease-granted': weigh,
    'lease-refused': weigh,
    'echo-matches': weigh,
    dropped: onDropped,
    'lost-charged': weigh,
    gone: onEnd,
  },
  watchesAt,
  onTick,
};
