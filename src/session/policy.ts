import type { Failure, Recovery, RecoveryPlan, ResponseOutcome } from '../../types/index.js';
import { at, listOf } from '../gate/index.js';
import { check } from './check.js';
import type { Asked } from './handle.js';
import { paramsOf } from './respond.js';

/** What is done about each failure. */
export type Policy = { readonly [Each in Failure]: Recovery };

const defaults: Policy = {
  'server-error': {
    retries: 1,
    backoffMs: 500,
    apology: {
      instructions: 'Apologise in one short sentence for a technical problem, and say goodbye.',
      tool_choice: 'none',
    },
    then: 'hang-up',
  },
  'rate-limit': {
    retries: 2,
    backoffMs: 1_000,
    apology: {
      instructions: 'Apologise in one short sentence that all lines are busy, and say goodbye.',
      tool_choice: 'none',
    },
    then: 'hang-up',
  },
  'max-output-tokens': { retries: 0, backoffMs: 0, apology: null, then: 'go-on' },
  'content-filter': {
    retries: 0,
    backoffMs: 0,
    apology: {
      instructions: 'Say in one short sentence that you cannot help with that, and ask what else you can do.',
      tool_choice: 'none',
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

/** The defaults, and what the plan says otherwise. Throws `MisuseError` for what could not be done when it is needed. */
export function policyOf(plan: RecoveryPlan): Policy {
  for (const name of Object.keys(plan)) check(Object.hasOwn(defaults, name), `recovery knows no '${name}'.`);
  const rows = Object.keys(defaults).map((name) => [name, rowOf(name as Failure, plan)]);
  return Object.fromEntries(rows) as Policy;
}

/** One row, its apology a copy: what was checked is what is said. */
function rowOf(name: Failure, plan: RecoveryPlan): Recovery {
  const usual = defaults[name];
  const { retries = usual.retries, backoffMs = usual.backoffMs, then = usual.then } = plan[name] ?? {};
  const { apology = usual.apology } = plan[name] ?? {};
  check(Number.isInteger(retries) && retries >= 0, `recovery: retries of ${name} is a whole number.`);
  check(Number.isFinite(backoffMs) && backoffMs >= 0, `recovery: backoffMs of ${name} is a number of milliseconds.`);
  check(then === 'go-on' || then === 'hang-up', `recovery: then of ${name} is 'go-on' or 'hang-up'.`);
  return { retries, backoffMs, then, apology: apology && (paramsOf(apology) ?? {}) };
}

/** How it failed; null if it did not. `code`: of the error that refused it, if it was never created. */
export function failureOf(outcome: ResponseOutcome, code: string | null, origin: Asked['origin']): Failure | null {
  switch (outcome.status) {
    case 'completed':
      return isNothing(outcome) ? 'server-error' : null;
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

/** Neither a word nor a call: whoever waits for an answer waits on. */
const isNothing = ({ text, response }: Extract<ResponseOutcome, { status: 'completed' }>): boolean =>
  text === '' && listOf(at(response, 'output')).every((item) => wordless.has(at(item, 'type')));

/** Items that do nothing where they have no text. */
const wordless: ReadonlySet<unknown> = new Set(['message', 'reasoning']);

/** What the user asked wrongly is the user's to see. What nobody but us asked is ours to make good. */
const refusalOf = (code: string | null, origin: Asked['origin']): Failure | null =>
  failures.get(code) ?? (origin === 'user' || origin === 'remark' ? null : 'server-error');
