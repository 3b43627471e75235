import type { ResponseParameters } from './response.js';

/**
 * Money that several sessions draw from. A session has some set aside ahead of its use, so that `respond()` need not wait
 * for an answer, and gives back what it has not used. Amounts are nanodollars: whole billionths of a US dollar.
 */
export interface BudgetStore {
  /** Sets aside up to `nanoUsd`, and says how much it was: less, or 0, where less is left. Ten seconds at most. */
  lease(asked: {
    /** Whose it is: one session, by a name of its own. */
    readonly holder: string;
    /** What is wanted at most. */
    readonly nanoUsd: number;
  }): number | Promise<number>;
  /**
   * A session has ended: `spent` of what was set aside for it is gone, and the rest is free again. What `lease()` grants only
   * after that comes back by another call, with nothing spent.
   */
  settle(used: {
    /** Whose it was. */
    readonly holder: string;
    /** What was set aside for the session, all of it in all of its calls. */
    readonly leasedNanoUsd: number;
    /** What it spent: more than was set aside, where a response cost more than it was taken to. */
    readonly spentNanoUsd: number;
  }): void | Promise<void>;
}

/**
 * What a session may spend. A request is refused as `over-budget` where it would not fit beside what is spent and what is
 * in flight; what is in flight is taken to cost as much as the dearest response so far, and is settled by what the server
 * reports. The server's own answers ask nobody: `atLimit` says what becomes of them.
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
   * What is done once nothing more fits. `hang-up` (default): the farewell is said, and the call is ended. `stop-answering`:
   * the server is told to answer no more by itself, until the limit is raised. `tell`: the operator is told by a `fault`, as
   * always, and the server goes on answering.
   */
  readonly atLimit?: 'hang-up' | 'stop-answering' | 'tell' | undefined;
  /** Said before the budget ends the call. Left out: a short goodbye. */
  readonly farewell?: ResponseParameters | undefined;
  /** A budget that other sessions draw from as well, such as `sharedBudget()`. Left out: none. */
  readonly store?: BudgetStore | undefined;
}

/** What `setBudget()` changes. */
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
  /** What the session may spend, in nanodollars; null: only the store bounds it. */
  readonly limitNanoUsd: number | null;
  /** What it has spent, in nanodollars. */
  readonly spentNanoUsd: number;
  /** What is in flight is taken to cost, in nanodollars. */
  readonly reservedNanoUsd: number;
  /** What has been set aside for it out of the store, in nanodollars; null: it has none. */
  readonly leasedNanoUsd: number | null;
}
