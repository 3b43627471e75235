import { adviceOnCopies } from '../copies.js';
import { MisuseError } from '../errors.js';
import { isRecord } from '../machine/index.js';

/** Throws `MisuseError` where something is not as it has to be; then nothing has happened. */
export function check(holds: unknown, message: string | (() => string)): asserts holds {
  if (!holds) throw new MisuseError(`${typeof message === 'string' ? message : message()} Nothing was sent.`);
}

/** `Array.isArray` would make it a list of `any`. */
export const isList = (value: unknown): boolean => Array.isArray(value);

/** A plain copy, so that nothing changes it between the asking and the answer. `what` names it in the error. */
export function plainCopy(made: () => unknown, what: string): unknown {
  try {
    return JSON.parse(JSON.stringify(made())) as unknown;
  } catch (cause) {
    throw new MisuseError(`${what} cannot be written as JSON.`, { cause });
  }
}

/** Throws `MisuseError` for options that are no object: null, or a list. */
export const checkObject = (given: unknown, what: string): void =>
  check(isRecord(given), () => `${what} takes an object.`);

/** An option that nobody knows is an error: from JavaScript, a misspelt one would silently be the default. */
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

/** Throws `MisuseError` for a signal that is none: null too, which no optional chain would have told. */
export function checkSignal(signal: unknown): void {
  const isSignal = signal instanceof Object && typeof (signal as AbortSignal).addEventListener === 'function';
  check(signal === undefined || isSignal, 'signal is an AbortSignal.');
}
