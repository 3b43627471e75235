import type { Failure, Recovery, RecoveryPlan, ResponseOutcome } from '../../types/index.js';
import type { Asked } from './handle.js';

/** What is done about each failure. */
export type Policy = { readonly [Each in Failure]: Recovery };

const defaults: Policy = {
  'server-error': {
    retries: 1,
    backoffMs: 500,
    apology: { instructions: 'Apologise in one short sentence for a technical problem, and say goodbye.' },
    then: 'hang-up',
  },
  'rate-limit': {
    retries: 2,
    backoffMs: 1_000,
    apology: { instructions: 'Apologise in one short sentence that all lines are busy, and say goodbye.' },
    then: 'hang-up',
  },
  'max-output-tokens': { retries: 0, backoffMs: 0, apology: null, then: 'go-on' },
  'content-filter': {
    retries: 0,
    backoffMs: 0,
    apology: {
      instructions: 'Say in one short sentence that you cannot help with that, and ask what else you can do.',
    },
    then: 'go-on',
  },
  quota: { retries: 0, backoffMs: 0, apology: null, then: 'hang-up' },
};

/** Failures by the server's code or reason; whatever else fails is a `server-error`. */
const failures: ReadonlyMap<unknown, Failure> = new Map([
  ['server_error', 'server-error'],
  ['rate_limit_exceeded', 'rate-limit'],
  ['inference_rate_limit_exceeded', 'rate-limit'],
  ['insufficient_quota', 'quota'],
  ['billing_hard_limit_reached', 'quota'],
  ['credit_balance_exhausted', 'quota'],
  ['account_deactivated', 'quota'],
  ['max_output_tokens', 'max-output-tokens'],
  ['content_filter', 'content-filter'],
]);

/** The defaults, and what the plan says otherwise. */
export const policyOf = (plan: RecoveryPlan): Policy =>
  Object.fromEntries(
    Object.entries(defaults).map(([name, row]) => [name, { ...row, ...plan[name as Failure] }]),
  ) as Policy;

/** How it failed; null if it did not. `code`: of the error that refused it, if it was never created. */
export function failureOf(outcome: ResponseOutcome, code: string | null, origin: Asked['origin']): Failure | null {
  switch (outcome.status) {
    case 'failed':
      return failures.get(outcome.error.code ?? outcome.error.type) ?? 'server-error';
    case 'incomplete':
      return failures.get(outcome.reason) ?? 'server-error';
    case 'lost':
      return 'server-error';
    case 'unsent':
      return outcome.by === 'unanswered' ? 'server-error' : outcome.by === 'rejected' ? refusalOf(code, origin) : null;
    default:
      return null;
  }
}

/** What the user asked wrongly is the user's to see. What nobody but us asked is ours to make good. */
const refusalOf = (code: string | null, origin: Asked['origin']): Failure | null =>
  failures.get(code) ?? (origin === 'user' || origin === 'remark' ? null : 'server-error');
