import { adviceOnCopies } from '../copies.js';
import { MisuseError } from '../errors.js';
import type { Json, Server, ServerOptionsGiven } from './server/index.js';
import { createServer as createMachine } from './server/index.js';
import { serverAnd } from './server/option-rules.js';
import { check, type Complaint, type Rule } from './server/schema.js';
import { isArray, isObject } from './server/wire.js';

/**
 * The options that were given, without those left undefined; what no rule looks into is passed on as it is. Throws
 * `MisuseError` for any that the rule does not know.
 */
export function checked<Given extends object>(what: string, rule: Rule, given: Given): Given {
  const defined = withoutUndefined(rule, given);
  const complaint = check(rule, defined as Json, '');
  if (!complaint) return defined as Given;
  const { code, message, param, right = [] } = complaint;
  if (code !== 'unknown_parameter') throw new MisuseError(`${what}: ${message}${where(complaint)}`);
  throw new MisuseError(`${what} has no option '${param ?? ''}': it takes ${right.join(', ')}.${adviceOnCopies()}`);
}

/** The place that a complaint is about, where its message does not say it. */
export const where = ({ message, param }: Complaint): string =>
  param === null || message.includes(`'${param}'`) ? '' : ` (at ${param})`;

function withoutUndefined(rule: Rule | undefined, value: unknown): unknown {
  if (rule?.is === 'either')
    return withoutUndefined(rule.rules.find(({ is }) => is === 'object') ?? rule.rules.at(-1), value);
  if (rule?.is === 'list' && isArray(value)) return value.map((each) => withoutUndefined(rule.of, each));
  if (rule?.is !== 'object' || !isObject(value)) return value;
  const given = Object.entries<unknown>(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(given.map(([key, each]) => [key, withoutUndefined(rule.keys[key], each)]));
}

/**
 * Makes the server's machine: pure, without a clock or a socket. Drive it by `step()`.
 *
 * @throws `MisuseError` for an option that nobody knows.
 * @example
 * ```ts
 * const machine = createServer({ seed: 7 });
 * const outputs = step(machine, { type: 'connect', now: 0, connection: 'c1', model: 'gpt-realtime-2.1' });
 * ```
 */
export const createServer = (given: ServerOptionsGiven = {}): Server =>
  createMachine(checked('createServer()', serverAnd({}), given));
