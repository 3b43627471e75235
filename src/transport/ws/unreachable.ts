import { isNativeError } from 'node:util/types';
import { ConnectError } from '../../errors.js';
import { withoutSecrets } from '../../secrets.js';
import { brief } from '../credential-places.js';

/**
 * Turns a failure below the WebSocket into an error that says what to do and contains no secret. `where` names what
 * failed, where that is known.
 */
export function unreachable(failure: unknown, host: string, secrets: readonly string[], where = ''): ConnectError {
  const cause = cleanCause(failure, secrets);
  const code = codeOf(cause);
  const why = (code && WHY.get(code)) ?? brief(cause.message || cause.name, secrets);
  const message = `${host}: ${where && `${where}: `}${why}${code ? ` (${code})` : ''}`;
  return new ConnectError({ kind: 'unreachable', message }, { cause });
}

const WHY: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there. Check the address, and that the server runs.'],
  ['ECONNRESET', 'the connection was cut before it was ready.'],
  ['EAI_AGAIN', 'its name could not be resolved for now. Check the network.'],
  ['ENOTFOUND', 'there is no such host. Check the address.'],
  ['ETIMEDOUT', 'it does not answer. Check the network, and any proxy or firewall.'],
]);

/** The code of Node's errors, e.g. `ECONNREFUSED`. */
export const codeOf = (error: unknown): string | undefined => {
  const code = isError(error) && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
};

/** The words of anything thrown, which need not be an error. */
export const wordsOf = (thrown: unknown): string => plain(isError(thrown) ? thrown.message : thrown);

/** Uses `isNativeError`, because under a test runner Node's own errors may come from another realm. */
const isError = (thrown: unknown): thrown is Error => isNativeError(thrown) || thrown instanceof Error;

/** How many nested causes are kept. */
const DEEPEST = 5;

/**
 * Copies a failure without its secrets: message, stack, causes and plain properties. Anything else attached to an error
 * (a socket, a request, its options) may hold credentials, and is left out.
 */
export function cleanCause(failure: unknown, secrets: readonly string[], depth = 0): Error {
  const clean = (text: string): string => withoutSecrets(text, secrets);
  const copy = new Error(clean(wordsOf(failure)));
  if (!isError(failure)) return copy;
  const inside = (each: unknown): unknown =>
    isError(each) && depth < DEEPEST ? cleanCause(each, secrets, depth + 1) : undefined;
  const set = (name: string, value: unknown): void =>
    void Object.defineProperty(copy, name, { value, writable: true, enumerable: !OWN.has(name), configurable: true });

  set('name', clean(plain(failure.name)));
  set('stack', clean(plain(failure.stack ?? '')));
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(failure)) as Described[]) {
    if (clean(name) !== name || OWN.has(name)) continue;
    if (typeof value === 'string') set(name, clean(value));
    else if (typeof value === 'number' || typeof value === 'boolean') set(name, value);
    else if (name === 'cause' && isError(value)) set(name, inside(value));
    else if (name === 'errors' && Array.isArray(value)) set(name, value.map(inside).filter(Boolean));
  }
  return copy;
}

const OWN: ReadonlySet<string> = new Set(['name', 'message', 'stack']);

type Described = [name: string, descriptor: PropertyDescriptor & { readonly value?: unknown }];

function plain(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something that is no error was thrown';
  }
}
