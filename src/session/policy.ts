import type { Failure, RecoveryPlan } from '../../types/index.js';
import type { Policy, PolicyRow } from '../machine/index.js';
import { check, checkKeys, checkObject } from './check.js';
import { paramsOf } from './respond.js';

const TECHNICAL = {
  instructions: 'Apologise in one short sentence for a technical problem, and say goodbye.',
  tool_choice: 'none',
};

/** The policy for each failure where the plan sets none. */
const defaults: Omit<Policy, 'lost'> = {
  'server-error': { retries: 1, backoffMs: 500, apology: TECHNICAL, then: 'hang-up' },
  'rate-limit': {
    retries: 2,
    backoffMs: 1_000,
    apology: {
      instructions: 'Apologise in one short sentence that all lines are busy, and say goodbye.',
      tool_choice: 'none',
    },
    then: 'hang-up',
  },
  silent: { retries: 1, backoffMs: 500, apology: TECHNICAL, then: 'hang-up' },
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

/** Merges the plan's policy into the defaults. Throws `MisuseError` for a policy that could not be carried out. */
export function policyOf(plan: RecoveryPlan): Policy {
  checkObject(plan, 'recovery');
  const { lost = 'go-on', ...failures } = plan;
  check(lost === 'resume' || lost === 'go-on', "recovery: lost is 'resume' or 'go-on'.");
  for (const name of Object.keys(failures)) check(Object.hasOwn(defaults, name), () => `recovery knows no '${name}'.`);
  const rows = Object.keys(defaults).map((name) => [name, rowOf(name as Failure, plan)]);
  return { ...(Object.fromEntries(rows) as Omit<Policy, 'lost'>), lost };
}

/** One row of the policy. Its apology is copied, so that what was checked is what is spoken. */
function rowOf(name: Failure, plan: RecoveryPlan): PolicyRow {
  const usual = defaults[name];
  const given = plan[name] ?? {};
  checkObject(given, `recovery of ${name}`);
  checkKeys(given, `recovery of ${name}`, Object.keys(usual));
  const { retries = usual.retries, backoffMs = usual.backoffMs, then = usual.then, apology = usual.apology } = given;
  check(Number.isInteger(retries) && retries >= 0, () => `recovery: retries of ${name} is a whole number.`);
  check(
    Number.isFinite(backoffMs) && backoffMs >= 0,
    () => `recovery: backoffMs of ${name} is a number of milliseconds.`,
  );
  check(then === 'go-on' || then === 'hang-up', () => `recovery: then of ${name} is 'go-on' or 'hang-up'.`);
  return { retries, backoffMs, then, apology: apology && (paramsOf(apology) ?? {}) };
}
