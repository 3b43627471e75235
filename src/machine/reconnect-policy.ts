import { failureNamed } from './failures.js';

/** How often, how soon and how long it is tried. */
export interface ReconnectRules {
  /** In a row. */
  readonly attempts: number;
  /** From the loss. */
  readonly withinMs: number;
  /** While the session lives. */
  readonly inAll: number;
  /** The wait before the first, and the longest: each is twice the one before, and then half of it or more. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** How much of the caller's audio is kept for the next line, in milliseconds. */
  readonly audioMs: number;
  /** How much of the conversation is told again. */
  readonly budgetTokens: number;
  /** Whether the shell has something for the caller to hear while no line is live. */
  readonly meanwhile: 'given' | 'none';
  /** How long before its end a line is replaced, and from when on that may disturb; null: it is not, before it has ended. */
  readonly rotate: { readonly beforeMs: number; readonly latestMs: number } | null;
  /** Whether the program is asked what is told. */
  readonly history: 'asked' | 'not given';
  /** Drawn by the shell: the waits of many sessions differ. */
  readonly seed: number;
}

/** How often it has been tried. */
interface Tried {
  readonly lostAt: number;
  readonly inARow: number;
  readonly inAll: number;
}

/** When the next attempt begins: each wait is twice the one before, and then a half of it or more. Null: there is none. */
export function nextAt(policy: ReconnectRules, { inARow, inAll, lostAt }: Tried, now: number): number | null {
  const { attempts, inAll: most, withinMs, firstMs, maxMs, seed } = policy;
  const dueAt = now + Math.min(maxMs, firstMs * 2 ** inARow) * (0.5 + drawn(seed + inAll) / 2);
  return inARow >= attempts || inAll >= most || dueAt > lostAt + withinMs ? null : dueAt;
}

/** A number from 0 to 1, the same for the same seed. */
export function drawn(seed: number): number {
  let bits = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}

// Keys -----------------------------------------------------------------------------------------------------------------

/** Whether a key was refused: by a status, an error's code, or a close code. */
export const isKeyRefused = ({ status, code, closeCode = null }: Refused): boolean =>
  status === 401 || code === 'invalid_api_key' || closeCode === UNAUTHORIZED;
const UNAUTHORIZED = 3000;
export interface Refused {
  readonly status?: number | null;
  readonly code?: string | null;
  readonly closeCode?: number | null | undefined;
}

// What ends it at once -------------------------------------------------------------------------------------------------

/** Close codes after which another line would end as this one did. */
export const isFinalClose = (code: number | null): boolean => code !== null && FINAL.has(code);
const FINAL: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 1010, 1015, 3000, 4000]);
/** The same of what the upgrade was refused with. */
export const isFinalStatus = (status: number | null): boolean =>
  status !== null && status >= 400 && status < 500 && ![408, 425, 429].includes(status);
/** The same of the server's own codes: the key, the account, the model. */
export const isFinalCode = (refusal: { readonly code: string | null; readonly type?: string | null }): boolean =>
  failureNamed(refusal) === 'quota' || (refusal.code !== null && REFUSALS.has(refusal.code));
const REFUSALS: ReadonlySet<string> = new Set([
  ...['invalid_api_key', 'insufficient_permissions', 'missing_model', 'invalid_model', 'invalid_intent'],
  'beta_api_shape_disabled',
]);
