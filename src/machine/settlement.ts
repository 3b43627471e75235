import { isOpen } from './connection.js';
import type { Settled } from '../../types/index.js';
import type { Into } from './effects.js';
import type { FactName } from './facts.js';
import type { Refusal } from './refusals.js';
import { explain } from './guards.js';
import { leaveQueue, move, out, type Request } from './request.js';
import type { Session } from './state.js';
import { epochOf } from './update.js';
import { fault, post, tell, type Work } from './work.js';

// Settling -------------------------------------------------------------------------------------------------------------

export function merge(work: Work, request: Request, into: Into): void {
  leave(work.session, request, 'merged');
  if (request.settled) return tell(work, { kind: 'answered', request: request.id, into });
  tell(work, { kind: 'merged', request: request.id, into });
  record(work, request, { verdict: 'merge', by: null, outcome: null }, 'response' in into ? into.response : null);
}

/** Settles a request as unsent: refused, expired, withdrawn, or rejected by the server. */
export function settleUnsent(
  work: Work,
  request: Request,
  by: string,
  { refusal = null, message = refusal?.message ?? explain(by), fact = 'settled' }: Why = {},
): void {
  leave(work.session, request, fact);
  if (!request.settled) {
    tell(work, { kind: 'refused', request: request.id, by, message });
    record(work, request, { verdict: 'refuse', by, outcome: 'unsent' }, null);
  } else if (isOurs(request) && isOpen(work.session) && !toldOtherwise.has(by)) {
    // Its record already says that it was admitted, and nobody awaits its end, so only a fault can report it.
    fault(work, `The response for '${request.purpose}' was put back, and came to nothing: ${message}`);
  }
  const requests = [request.id, ...request.merged];
  tell(work, {
    kind: 'ended',
    response: null,
    lane: request.lane,
    requests,
    outcome: { status: 'unsent', by, message },
    firstAudioAt: null,
  });
  post(work, 'unsent', { request, by, refusal });
}
const isOurs = ({ id }: Request): boolean => id < 0;
/**
 * Reasons that need no fault here: something else is said in the request's place, or its cause is reported elsewhere.
 */
const toldOtherwise: ReadonlySet<string> = new Set(['withdrawn', 'rejected', 'unanswered']);
interface Why {
  readonly message?: string;
  readonly fact?: FactName;
  /** The server's error, where it refused the create. */
  readonly refusal?: Refusal | null;
}

export function leave(session: Session, request: Request, fact: FactName): void {
  leaveQueue(session, request);
  move(session, request, fact);
  session.requests.all.delete(request.id);
}

/** Gives the final verdict, and leaves exactly one record per request. */
export function record(work: Work, request: Request, settled: Settled, response: string | null): void {
  const { session } = work;
  request.settled = true;
  const { id, purpose, heldBy, override: overrides, askedAt, sinceLastMs, lane, shut, origin, attempt, root } = request;
  const times = { epoch: epochOf(session), askedAt, settledAt: session.now, sinceLastMs };
  const particulars = { origin, attempt, root, lane, shut };
  const settlement = { request: id, purpose, ...settled, heldBy, overrides, ...times, response };
  tell(work, { kind: 'record', record: settlement, particulars });
}

/** Handles `withdraw()`. */
export function withdraw(work: Work, id: number): void {
  const request = work.session.requests.all.get(id);
  if (request?.state === 'waiting') settleUnsent(work, request, 'withdrawn');
}

/** Handles `handle.cancel()` of a request: withdraws it, or cancels its response as soon as it has an id. */
export function cancelRequest(work: Work, id: number): void {
  const request = work.session.requests.all.get(id);
  if (request?.state === 'sent') request.cancelWished = true;
  withdraw(work, id);
}

/** Marks every unanswered create, so that its response is cancelled as soon as it exists. */
export function cancelOutstanding({ session }: Work): void {
  for (const request of out(session)) if (request.lane === 'default') request.cancelWished = true;
}

/** Words for a response that was lost because the connection ended. */
export function lostWords(code: number | null, reason: string): string {
  const why = [code === null ? 'no close frame' : `close code ${code}`, ...(reason ? [reason] : [])].join(', ');
  return `The connection ended before the response did (${why}).`;
}
