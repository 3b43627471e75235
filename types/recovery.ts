import type { ResponseParameters } from './response.js';

/** How to recover from a response that does not complete, or says and does nothing. Everything it says goes through the gate. */
export interface Recovery {
  /** How often the same is asked for again, each time as `<failure>-retry`. */
  readonly retries: number;
  /** Milliseconds before the first retry; twice as long before each further one. The server's own wait, if longer, up to 10 s. */
  readonly backoffMs: number;
  /** Said once the retries have come to nothing, as `<failure>-apology`. Null: nothing. */
  readonly apology: ResponseParameters | null;
  /** Whether the call goes on or ends after the apology. */
  readonly then: 'go-on' | 'hang-up';
}

/**
 * How a response can fail, as the policy sees it.
 *
 * - `server-error`: any failure with no row of its own; a response that the server never ended, or a create that it never
 *   answered.
 * - `rate-limit`: `rate_limit_exceeded`, `inference_rate_limit_exceeded`.
 * - `max-output-tokens`, `content-filter`: `incomplete`, by its reason.
 * - `silent`: it completed, and brought neither a call nor what was to come of it: sound, or words where text was asked
 *   for. Also a chain of tools at whose end nothing is said.
 * - `quota`, also as an `error` in mid-call: `insufficient_quota`, `billing_hard_limit_reached`, `credit_balance_exhausted`, `account_deactivated`.
 */
export type Failure = 'server-error' | 'rate-limit' | 'silent' | 'max-output-tokens' | 'content-filter' | 'quota';

/**
 * One row for each failure; what is left out keeps its default. Each time the operator is told by a `fault`. A turn of the
 * user, an answer that the server gives by itself, `interrupt()`, or `cancel()` of the request calls a retry off. At the end of every row the caller has heard
 * something, or the call ends.
 *
 * | failure | retries | from | apology | then |
 * | --- | --- | --- | --- | --- |
 * | `server-error` | 1 | 500 ms | yes | `hang-up` |
 * | `rate-limit` | 2 | 1,000 ms, or the server's own wait; none if that is over 10 s | yes | `hang-up` |
 * | `silent` | 1 | 500 ms | yes | `hang-up` |
 * | `max-output-tokens` | 0 | | none | `go-on` |
 * | `content-filter` | 0 | | yes | `go-on` |
 * | `quota` | 0 | | none | `hang-up` |
 */
export interface RecoveryPlan {
  /** Any failure without a row of its own. Default: one retry after 500 ms, an apology, then `hang-up`. */
  readonly 'server-error'?: Partial<Recovery> | undefined;
  /** Default: two retries, from 1,000 ms or the server's own wait (none over 10 s), an apology, then `hang-up`. */
  readonly 'rate-limit'?: Partial<Recovery> | undefined;
  /** Nothing was said where something was to be. Default: one retry after 500 ms, an apology, then `hang-up`. */
  readonly silent?: Partial<Recovery> | undefined;
  /** The response was cut off at its length. Default: no retry, no apology, `go-on`. */
  readonly 'max-output-tokens'?: Partial<Recovery> | undefined;
  /** The response was cut off for its content. Default: no retry, an apology, `go-on`. */
  readonly 'content-filter'?: Partial<Recovery> | undefined;
  /** There is no credit left. Default: no retry, no apology, `hang-up`. */
  readonly quota?: Partial<Recovery> | undefined;
  /**
   * The fate of a response that a lost connection has broken off, once another has taken over (`reconnect`). `resume`: the model is
   * asked for it once more, as `lost-resume`, when the caller has heard what was said before: for the lost request if that
   * had brought nothing, else for the end of a sentence, a turn or a round of tools that lacks it. At most one request, and
   * none where another waits, a tool runs, or the call is being ended. `go-on`: nothing is asked for.
   *
   * @default 'go-on'
   */
  readonly lost?: 'resume' | 'go-on' | undefined;
}
