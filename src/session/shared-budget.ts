import type { BudgetStore } from '../../types/index.js';
import { nanoOf } from '../money/dollars.js';
import { check, checkKeys, checkObject } from './check.js';

/** A budget in the memory of this process, for however many sessions. */
export interface SharedBudget extends BudgetStore {
  /** What is left in this period, in nanodollars: neither spent nor set aside. Less than 0 where more was spent than there was. */
  readonly leftNanoUsd: number;
}

/**
 * A budget that the sessions of one process share: all of their calls, or those of a day (by UTC).
 *
 * @throws `MisuseError` for a limit that is no positive number of US dollars.
 * @example
 * ```ts
 * const today = sharedBudget({ limit: 20, each: 'day' });
 * const salesPlan = plan({ budget: { limit: 0.5, store: today } });
 * ```
 */
export function sharedBudget(options: {
  /** US dollars. */
  readonly limit: number;
  /** `day`: every day anew. Left out: once and for all. */
  readonly each?: 'day' | undefined;
}): SharedBudget {
  checkObject(options, 'sharedBudget()');
  checkKeys(options, 'sharedBudget()', ['limit', 'each']);
  const { limit, each } = options;
  check(
    Number.isFinite(limit) && limit > 0,
    `The limit of a shared budget is a positive number of US dollars; it is ${limit}.`,
  );
  check(each === undefined || each === 'day', "each of a shared budget is 'day', or left out.");
  const whole = nanoOf(limit);
  let left = whole;
  let period = '';
  /** The amount that each holder has set aside in this period. */
  const set = new Map<string, number>();
  const renew = (): void => {
    const now = each === 'day' ? new Date().toISOString().slice(0, 10) : 'ever';
    if (now === period) return;
    period = now;
    left = whole;
    set.clear();
  };
  return {
    get leftNanoUsd() {
      renew();
      return left;
    },
    lease({ holder, nanoUsd }) {
      renew();
      const granted = Math.max(0, Math.min(nanoUsd, left));
      left -= granted;
      set.set(holder, (set.get(holder) ?? 0) + granted);
      return granted;
    },
    settle({ holder, leasedNanoUsd, spentNanoUsd }) {
      renew();
      // Money set aside in an earlier period does not count towards this one.
      const own = set.get(holder) ?? 0;
      left += Math.min(leasedNanoUsd - spentNanoUsd, own);
      if (own > leasedNanoUsd) set.set(holder, own - leasedNanoUsd);
      else set.delete(holder);
    },
  };
}
