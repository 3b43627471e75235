import { adviceOnCopies } from '../copies.js';
import { MisuseError } from '../errors.js';
import { isRecord } from '../machine/index.js';

/** Throws `MisuseError` unless the condition holds. */
export function check(holds: unknown, message: string | (() => string)): asserts holds {
  if (!holds) throw new MisuseError(`${typeof message === 'string' ? message : message()} Nothing was sent.`);
}

/** Like `Array.isArray`, without narrowing the value to `any[]`. */
export const isList = (value: unknown): boolean => Array.isArray(value);

/** Makes a plain copy, so that later changes to the original have no effect. `what` names the value in the error. */
export function plainCopy(made: () => unknown, what: string): unknown {
  try {
    return JSON.parse(JSON.stringify(made())) as unknown;
  } catch (cause) {
    throw new MisuseError(`${what} cannot be written as JSON.`, { cause });
  }
}

/** Throws `MisuseError` for options that are not an object, such as null or a list. */
export const checkObject = (given: unknown, what: string): void =>
  check(isRecord(given), () => `${what} takes an object.`);

/** Throws `MisuseError` for an unknown option: in JavaScript, a misspelt one would silently mean the default. */
export function checkKeys(given: object, what: string, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    check(
      known.includes(name),
      () => `${what} has no option '${name}': it takes ${known.join(', ')}.${adviceOnCopies()}`,
    );
  }
}

export const checkMs = (ms: number, name: string): void =>
  check(Number.isFinite(ms) && ms > 0, () => `${name} is a positive number of milliseconds.`);

/** Throws `MisuseError` for anything that is not an `AbortSignal`, null included. */
export function checkSignal(signal: unknown): void {
  const isSignal = signal instanceof Object && typeof (signal as AbortSignal).addEventListener === 'function';
  check(signal === undefined || isSignal, 'signal is an AbortSignal.');
}
