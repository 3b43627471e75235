import { isOpen } from './connection.js';
import type { Settled } from '../../types/index.js';
import type { Into } from './effects.js';
import type { FactName } from './facts.js';
import type { Refusal } from './refusals.js';
import { explain } from './guards.js';
import { leaveQueue, out, type Request, requestLife } from './request.js';
import type { Session } from './state.js';
import { advance } from './table.js';
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
export function comeToNothing(
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
    // Its record says that it was admitted, and nobody waits for its end.
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
/** Why a request comes to nothing where something else is said in its place, or a fault is told by whoever found out. */
const toldOtherwise: ReadonlySet<string> = new Set(['withdrawn', 'rejected', 'unanswered']);
interface Why {
  readonly message?: string;
  readonly fact?: FactName;
  /** The server's words, where it refused the create. */
  readonly refusal?: Refusal | null;
}

export function leave(session: Session, request: Request, fact: FactName): void {
  leaveQueue(session, request);
  advance(request, requestLife, fact);
  session.requests.all.delete(request.id);
}

/** Gives the verdict for good. Exactly one record is left of each request. */
export function record(work: Work, request: Request, settled: Settled, response: string | null): void {
  const { session } = work;
  request.settled = true;
  const { id, purpose, heldBy, override: overrides, askedAt, sinceLastMs, lane, shut, origin, attempt, root } = request;
  const times = { epoch: epochOf(session), askedAt, settledAt: session.now, sinceLastMs };
  const particulars = { origin, attempt, root, lane, shut };
  const settlement = { request: id, purpose, ...settled, heldBy, overrides, ...times, response };
  tell(work, { kind: 'record', record: settlement, particulars });
}

/** `withdraw()`. */
export function withdraw(work: Work, id: number): void {
  const request = work.session.requests.all.get(id);
  if (request?.state === 'waiting') comeToNothing(work, request, 'withdrawn');
}

/** `handle.cancel()` of a request: withdrawn, or cancelled by id as soon as there is one. */
export function cancelRequest(work: Work, id: number): void {
  const request = work.session.requests.all.get(id);
  if (request?.state === 'sent') request.cancelWished = true;
  withdraw(work, id);
}

/** Marks every create that is out to be cancelled as soon as its response exists. */
export function cancelOutstanding({ session }: Work): void {
  for (const request of out(session)) if (request.lane === 'default') request.cancelWished = true;
}

/** Says that the connection ended before a response did, and how it ended. */
export function lostWords(code: number | null, reason: string): string {
  const why = [code === null ? 'no close frame' : `close code ${code}`, ...(reason ? [reason] : [])].join(', ');
  return `The connection ended before the response did (${why}).`;
}
