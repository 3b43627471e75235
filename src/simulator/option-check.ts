import { adviceOnCopies } from '../copies.js';
import { MisuseError } from '../errors.js';
import type { Json, Server, ServerOptionsGiven } from './server/index.js';
import { createServer as createMachine } from './server/index.js';
import { serverAnd } from './server/option-rules.js';
import { check, type Complaint, type Rule } from './server/schema.js';

/** The options that were given, without those left undefined. Throws `MisuseError` for any that the rule does not know. */
export function checked<Given extends object>(what: string, rule: Rule, given: Given): Given {
  const plain = withoutUndefined(given);
  const complaint = check(rule, plain as Json, '');
  if (!complaint) return plain as Given;
  const { code, message, param, right = [] } = complaint;
  if (code !== 'unknown_parameter') throw new MisuseError(`${what}: ${message}${where(complaint)}`);
  throw new MisuseError(`${what} has no option '${param ?? ''}': it takes ${right.join(', ')}.${adviceOnCopies()}`);
}

/** The place that a complaint is about, where its message does not say it. */
export const where = ({ message, param }: Complaint): string =>
  param === null || message.includes(`'${param}'`) ? '' : ` (at ${param})`;

const withoutUndefined = (value: unknown): unknown =>
  isPlain(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, withoutUndefined(each)]])),
      )
    : value;

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

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
