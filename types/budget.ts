import type { ResponseParameters } from './response.js';

/**
 * Money that several sessions draw from. A session has some set aside ahead of its use, so that `respond()` need not wait
 * for an answer, and gives back what it has not used. Amounts are nanodollars: whole billionths of a US dollar.
 */
export interface BudgetStore {
  /**
   * Sets aside up to `nanoUsd`, and returns how much: less, or 0, where less is left. An answer that takes longer than ten
   * seconds, or that rejects, shuts the guard `over-budget` and is a `fault` of the session; it is asked again after five.
   *
   * @example
   * ```ts
   * const today = sharedBudget({ limit: 20, each: 'day' });
   * const nanoUsd = await today.lease({ holder: 'call-1', nanoUsd: 40_000_000 });
   * ```
   */
  lease(asked: {
    /** One session, by a name that it keeps until `settle()`. */
    readonly holder: string;
    /** The most that is wanted. */
    readonly nanoUsd: number;
  }): number | Promise<number>;
  /**
   * Called when a session has ended: `spentNanoUsd` is gone, and the rest of what was set aside is free again. What `lease()`
   * grants only after that comes back by another call, with nothing spent. A throw is a `fault` of the session.
   *
   * @example
   * ```ts
   * const today = sharedBudget({ limit: 20, each: 'day' });
   * await today.settle({ holder: 'call-1', leasedNanoUsd: 40_000_000, spentNanoUsd: 12_500_000 });
   * ```
   */
  settle(used: {
    /** The same name as in `lease()`. */
    readonly holder: string;
    /** The sum that was set aside for the session, over all calls of `lease()`. */
    readonly leasedNanoUsd: number;
    /** All that the session spent: more than was set aside, where a response cost more than was reserved for it. */
    readonly spentNanoUsd: number;
  }): void | Promise<void>;
}

/**
 * The money that a session may spend. A request is refused as `over-budget` where it would not fit beside what is spent and what is
 * in flight; what is in flight is taken to cost as much as the dearest response so far, and is settled by what the server
 * reports; where the connection is lost first, it is taken for spent. The server's own answers ask nobody: `atLimit` says what becomes of them.
 */
export interface Budget {
  /** US dollars that the session may spend. Left out: only the `store` bounds it. */
  readonly limit?: number | undefined;
  /** US dollars after which the operator is warned, once, by a `fault`. Left out: no warning. */
  readonly warnAt?: number | undefined;
  /**
   * US dollars that are kept for a farewell or an apology: nothing else may use them.
   *
   * @default what one response is taken to cost
   */
  readonly reserve?: number | undefined;
  /**
   * US dollars that a response is taken to cost at least, while nobody knows.
   *
   * @default what a short spoken answer costs: 4 cents with gpt-realtime-2.1
   */
  readonly perResponse?: number | undefined;
  /**
   * The action once nothing more fits. `hang-up`: the farewell is said, and the call is ended. `stop-answering`: the server
   * is told to answer no more by itself, until the limit is raised. `tell`: the operator is told by a `fault`, as always, and
   * the server goes on answering.
   *
   * @default 'hang-up'
   */
  readonly atLimit?: 'hang-up' | 'stop-answering' | 'tell' | undefined;
  /** Said before the budget ends the call. Left out: a short goodbye. */
  readonly farewell?: ResponseParameters | undefined;
  /** A budget that other sessions draw from as well, such as `sharedBudget()`. Left out: none. */
  readonly store?: BudgetStore | undefined;
}

/** The argument of `setBudget()`. */
export interface BudgetChange {
  /** US dollars that the session may spend in all, what it has spent included. */
  readonly limit: number;
  /** US dollars after which the operator is warned. Left out: no warning. */
  readonly warnAt?: number | undefined;
}

/** Where the budget of a session stands. */
export interface BudgetState {
  /** `low`: the operator has been warned. `spent`: nothing more fits but a goodbye. */
  readonly state: 'ample' | 'low' | 'spent';
  /** The limit of the session, in nanodollars; null: only the store bounds it. */
  readonly limitNanoUsd: number | null;
  /** Spent so far, in nanodollars, the estimate of `lostNanoUsd` included. */
  readonly spentNanoUsd: number;
  /** Taken to have been spent on responses that were lost with their connection, in nanodollars: an estimate. */
  readonly lostNanoUsd: number;
  /** Reserved for responses in flight, in nanodollars. */
  readonly reservedNanoUsd: number;
  /** Set aside out of the store, in nanodollars; null: the budget has no store. */
  readonly leasedNanoUsd: number | null;
}
