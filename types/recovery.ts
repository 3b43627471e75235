import type { RealtimeResponseCreateParams } from 'openai/resources/realtime/realtime';

/** What is done when a response of the conversation does not complete. Everything it says goes through the gate. */
export interface Recovery {
  /** How often the same is asked for again, each time as `<failure>-retry`. */
  readonly retries: number;
  /** Milliseconds before the first retry; twice as long before each further one. The server's own wait, if longer. */
  readonly backoffMs: number;
  /** Said once the retries have come to nothing, as `<failure>-apology`. Null: nothing. */
  readonly apology: RealtimeResponseCreateParams | null;
  /** What follows the apology. */
  readonly then: 'go-on' | 'hang-up';
}

/**
 * How a response can fail, as the policy sees it.
 *
 * - `server-error`: any failure with no row of its own.
 * - `rate-limit`: `rate_limit_exceeded`, `inference_rate_limit_exceeded`.
 * - `max-output-tokens`, `content-filter`: `incomplete`, by its reason.
 * - `quota`: `insufficient_quota`, `billing_hard_limit_reached`, `credit_balance_exhausted`, `account_deactivated`.
 */
export type Failure = 'server-error' | 'rate-limit' | 'max-output-tokens' | 'content-filter' | 'quota';

/** One row for each failure; what is left out keeps its default. */
export type RecoveryPlan = { readonly [Each in Failure]?: Partial<Recovery> | undefined };
