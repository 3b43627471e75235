import type { Budget, SharedBudget } from 'gated-realtime';

/** The estimated cost of one response, and the reserve for the goodbye. US dollars. */
const RESPONSE_USD = 0.05;

/** The least that a call costs: a greeting and a goodbye. US dollars. */
export const LEAST_USD = 2 * RESPONSE_USD;

/** The budget of one call, which also draws from the day's budget; undefined if neither is limited. */
export function callBudget(
  usd: number | undefined,
  today: SharedBudget | null,
  farewell: Budget['farewell'],
): Budget | undefined {
  if (usd === undefined && today === null) return undefined;
  const cost = { perResponse: RESPONSE_USD, reserve: RESPONSE_USD };
  return { limit: usd, store: today ?? undefined, ...cost, atLimit: 'hang-up', farewell };
}

/** Whether there is still enough for one more call today. */
export const paysForACall = (today: SharedBudget | null): boolean =>
  today === null || today.leftNanoUsd >= LEAST_USD * 1e9;
