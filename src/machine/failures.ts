import type { Failure } from '../../types/index.js';
import type { Ended } from './effects.js';
import { waitIn } from './hints.js';
import { at, type Json, listOf, type ServerEvent } from './read.js';
import type { OpenResponse } from './response.js';
import type { Session } from './state.js';
import { hasCalled } from './tool-state.js';
import { madeSound } from './track.js';
import type { Work } from './work.js';

/** One row of the recovery policy. */
export interface PolicyRow {
  readonly retries: number;
  readonly backoffMs: number;
  readonly apology: Json | null;
  readonly then: 'go-on' | 'hang-up';
}
export type Policy = { readonly [Each in Failure]: PolicyRow } & {
  /** What becomes of what a lost line has broken off. */
  readonly lost: 'resume' | 'go-on';
};

// What fails -----------------------------------------------------------------------------------------------------------

/** Failures by the server's code or reason; anything else that fails is a `server-error`. */
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

/** The failure that an error's code names, or its type where the code is unknown. */
export const failureNamed = ({
  code,
  type,
}: {
  readonly code?: string | null;
  readonly type?: string | null;
}): Failure | null => failures.get(code) ?? failures.get(type) ?? null;

export function failureOf(session: Session, response: OpenResponse, outcome: Ended): Failure | null {
  switch (outcome.status) {
    case 'completed':
      return isSilent(session, response, outcome) ? 'silent' : null;
    case 'failed':
      return failureNamed(outcome.error) ?? 'server-error';
    case 'incomplete':
      return failures.get(outcome.reason) ?? 'server-error';
    case 'lost':
      return 'server-error';
    default:
      return null;
  }
}

/** Whether a completed response brought neither a tool call nor the requested output: sound, or words in text mode. */
function isSilent(session: Session, response: OpenResponse, outcome: Extract<Ended, { status: 'completed' }>): boolean {
  if (hasCalled(session, response.id)) return false;
  const output = listOf(at(outcome.response, 'output'));
  if (output.some((item) => !wordless.has(at(item, 'type')))) return false;
  const modalities = listOf(at(outcome.response, 'output_modalities'));
  const isText = modalities.length > 0 && !modalities.includes('audio');
  return isText ? outcome.text === '' : !madeSound(session, response);
}
/** Items that have no effect when they contain no words. */
const wordless: ReadonlySet<unknown> = new Set(['message', 'reasoning']);

export const limitOf = ({ recovery: { limitedUntil } }: Session, failure: Failure): number =>
  failure === 'rate-limit' ? limitedUntil : 0;

// How long to wait -----------------------------------------------------------------------------------------------------

/** Reads `rate_limits.updated`: when a limit is used up, retries wait until it is reset. */
export function limitsRead({ session }: Work, event: ServerEvent): void {
  const waits = listOf(event['rate_limits']).map((limit) => {
    const remaining = at(limit, 'remaining');
    const seconds = at(limit, 'reset_seconds');
    const isSpent = typeof remaining === 'number' && remaining <= 0;
    return isSpent && typeof seconds === 'number' ? seconds * 1_000 : 0;
  });
  session.recovery.limitedUntil = Math.max(session.recovery.limitedUntil, session.now + Math.max(0, ...waits));
}

export function noteWait({ recovery, now }: Session, message: string | undefined): void {
  const wait = waitIn(message);
  if (wait !== null) recovery.limitedUntil = Math.max(recovery.limitedUntil, now + wait);
}
