import type { Failure } from '../../types/index.js';
import { emptyList } from '../collections.js';
import { isOpen } from './connection.js';
import type { Facts } from './facts.js';
import { failureNamed, failureOf, limitOf, noteWait, type PolicyRow } from './failures.js';
import { hangUpIsPending } from './hang-up.js';
import type { Part } from './part.js';
import type { Refusal } from './refusals.js';
import { type Ask, askOwn, bringsAnswer, type Request, rootOf } from './request.js';
import type { Session } from './state.js';
import { advance, type StateOf, table } from './table.js';
import { madeSound } from './track.js';
import { userSpeaks } from './user-turn.js';
import { fault, post, type Work } from './work.js';

/** Recovery: a failed response is requested again, then apologised for; then the call goes on or ends. */
export const attemptLife = table<'waiting' | 'asked' | 'over'>('attempt', {
  waiting: { 'backoff-over': 'asked', 'called-off': 'over' },
  asked: { 'attempt-over': 'over', 'called-off': 'over' },
  over: {},
});

/** A failed response. */
interface Failed {
  readonly failure: Failure;
  /** How it was requested; null: the server answered by itself. */
  readonly asked: Pick<Request, 'params' | 'origin' | 'attempt' | 'depth' | 'root' | 'id'> | null;
  /** Whether the user has heard any of it. */
  readonly heard: 'heard' | 'unheard';
  /** The latest time at which a retry may begin; after it, an apology takes its place. */
  readonly until: number;
}

/** A retry or an apology that waits for its time, or has been requested. */
interface Attempt {
  readonly kind: 'retry' | 'apology';
  readonly failed: Failed;
  state: StateOf<typeof attemptLife>;
  dueAt: number;
  request: number | null;
}

export interface Recovery {
  /** When the server's rate limit ends, as the server announced. */
  limitedUntil: number;
  attempts: readonly Attempt[];
}

export const firstRecovery = (): Recovery => ({ limitedUntil: 0, attempts: emptyList });

export const pendingAttempts = ({ recovery: { attempts }, now }: Session): readonly Pending[] =>
  attempts.map(({ kind, failed: { failure }, dueAt }) => ({
    kind,
    failure,
    inMs: Math.max(0, Math.round(dueAt - now)),
  }));
interface Pending {
  readonly kind: Attempt['kind'];
  readonly failure: Failure;
  readonly inMs: number;
}

/** The longest wait before a retry, in milliseconds. */
const LONGEST_WAIT_MS = 10_000;
/** The timeout of a hang-up that recovery begins, in milliseconds. */
const HANG_UP_MS = 30_000;

function onOver(work: Work, { response, outcome }: Facts['over']): void {
  settleAttempt(work, response.request?.id ?? null);
  // A response that was cancelled on request needs no recovery.
  if (response.lane !== 'default' || response.cancelSent || response.request?.cancelWished) return;
  const failure = failureOf(work.session, response, outcome);
  if (failure === null) return;
  if (outcome.status === 'failed') noteWait(work.session, outcome.error.message);
  const react = outcome.status === 'lost' ? failTold : fail;
  react(work, failure, response.request, madeSound(work.session, response) ? 'heard' : 'unheard');
}

/** Recovers from requests that came to nothing, except those refused for a mistake of the caller's. */
function onUnsent(work: Work, { request, by, refusal }: Facts['unsent']): void {
  const attempt = settleAttempt(work, request.id);
  if (attempt && unsaid.has(by)) return unsaidAttempt(work, attempt);
  if (request.lane !== 'default' || request.cancelWished) return;
  if (by === 'unanswered') return failTold(work, 'server-error', request, 'unheard');
  if (!refusal) return;
  noteWait(work.session, refusal.message);
  const known = failureNamed(refusal);
  const isOurs = request.origin !== 'user' && request.origin !== 'remark';
  const failure = known ?? (isOurs ? 'server-error' : null);
  if (failure) fail(work, failure, request, 'unheard');
}

/** Reasons why a retry or an apology stays unsent although nobody else spoke and the call goes on. */
const unsaid: ReadonlySet<string> = new Set(['loop', 'queue-full', 'expired']);

function unsaidAttempt(work: Work, { kind, failed }: Attempt): void {
  if (kind === 'retry') apologise(work, failed);
  else end(work, 'The apology could not be said.');
}

/** Handles a general error of the server's: out of quota, it will answer nothing more. */
function onComplained(work: Work, { refusal }: Facts['complained']): void {
  fault(work, `The server reports an error${inBrackets(refusal)}: ${refusal.message}`);
  if (failureNamed(refusal) === 'quota') failTold(work, 'quota', null, 'unheard');
}
function inBrackets({ code, type }: Refusal): string {
  const name = code ?? type;
  return name === null ? '' : ` (${name})`;
}

/** Handles one failure by the policy. Without a policy, reports it to the operator. */
function fail(work: Work, failure: Failure, request: Request | null, heard: Failed['heard']): void {
  const { session } = work;
  if (!isOpen(session) || hangUpIsPending(session)) return;
  const { recovery: policy } = session.rules;
  if (!policy) return tellOnly(work, failure, request);
  const asked = request && pick(request);
  const failed: Failed = { failure, asked, heard, until: session.now + LONGEST_WAIT_MS };
  if (request?.origin === 'apology') end(work, `The apology failed too: ${failure}.`);
  else if ((request?.attempt ?? 0) < policy[failure].retries) retry(work, policy[failure], failed);
  else apologise(work, failed);
}

/** Handles a failure that the operator already knows of: without a policy, nothing is left to do. */
function failTold(work: Work, ...failed: [Failure, Request | null, Failed['heard']]): void {
  if (work.session.rules.recovery) fail(work, ...failed);
}

const pick = ({ params, origin, attempt, depth, root, id }: Request): Failed['asked'] => ({
  params,
  origin,
  attempt,
  depth,
  root,
  id,
});

function tellOnly(work: Work, failure: Failure, request: Request | null): void {
  if (failure !== 'silent' && request?.origin === 'user') return;
  const whose = request ? `The response for '${request.purpose}'` : "The server's own answer";
  fault(work, `${whose} failed: ${failure}.`);
}

// What is done ---------------------------------------------------------------------------------------------------------

function retry(work: Work, { retries, backoffMs }: PolicyRow, failed: Failed): void {
  const { session } = work;
  const { failure, asked, until } = failed;
  const attempt = (asked?.attempt ?? 0) + 1;
  if (userSpeaks(session)) {
    return fault(work, `A response failed: ${failure}. The user has begun another turn: it is not asked for again.`);
  }
  const dueAt = Math.max(session.now + backoffMs * 2 ** (attempt - 1), limitOf(session, failure));
  if (dueAt > until) return apologise(work, failed);
  fault(work, `A response failed: ${failure}. It is asked for again, retry ${attempt} of ${retries}.`);
  add(session, { kind: 'retry', failed, state: attemptLife.first, dueAt, request: null });
}

function apologise(work: Work, failed: Failed): void {
  const { session } = work;
  const { failure, asked, heard } = failed;
  const row = session.rules.recovery?.[failure];
  if (!row) return;
  const { apology, then } = row;
  fault(
    work,
    `A response failed: ${failure}. ${apology ? 'The user hears an apology' : 'Nothing is said'}; then: ${then}.`,
  );
  const purpose = `${failure}-apology`;
  const root = asked && (asked.root ?? asked.id);
  if (then === 'hang-up') {
    post(work, 'hangup-wanted', {
      asked: { purpose, farewell: apology, onBargeIn: 'hang-up', deadlineMs: HANG_UP_MS, why: 'failure', root },
    });
  } else if (apology) {
    const attempt: Attempt = { kind: 'apology', failed, state: attemptLife.first, dueAt: session.now, request: null };
    add(session, attempt);
    askFor(work, attempt, { purpose, params: apology, origin: 'apology' });
  } else if (heard === 'unheard') end(work, 'Nothing was heard, and nothing is left to say.');
}

function add({ recovery }: Session, attempt: Attempt): void {
  recovery.attempts = [...recovery.attempts, attempt];
}

/** Ends the call, because whoever is on it would wait in vain. */
function end(work: Work, why: string): void {
  fault(work, why);
  const asked = { purpose: 'failure', farewell: null, onBargeIn: 'hang-up', root: null } as const;
  post(work, 'hangup-wanted', { asked: { ...asked, deadlineMs: HANG_UP_MS, why: 'failure' } });
}

function askFor(work: Work, attempt: Attempt, about: Pick<Ask, 'purpose' | 'params' | 'origin'> & Partial<Ask>): void {
  const { asked } = attempt.failed;
  advance(attempt, attemptLife, 'backoff-over');
  const root = asked && (asked.root ?? asked.id);
  attempt.request = askOwn(work, { whenBlocked: 'hold-this-turn', depth: asked?.depth ?? 0, root, ...about });
}

/** Retries, or, if a rate limit was announced after the failure, waits for its end or gives up the retry. */
function again(work: Work, attempt: Attempt): void {
  const { session } = work;
  const { failed } = attempt;
  const limit = limitOf(session, failed.failure);
  if (limit > failed.until) {
    callOff(work, (each) => each === attempt);
    return apologise(work, failed);
  }
  if (limit > session.now) attempt.dueAt = limit;
  else {
    const purpose = `${failed.failure}-retry`;
    const params = failed.asked?.params ?? null;
    askFor(work, attempt, { purpose, params, origin: 'retry', attempt: (failed.asked?.attempt ?? 0) + 1 });
  }
}

// What calls it off ----------------------------------------------------------------------------------------------------

/** Ends the attempt that made this request, and returns it if there is one. */
function settleAttempt({ session: { recovery } }: Work, request: number | null): Attempt | undefined {
  const attempt = request === null ? undefined : recovery.attempts.find((each) => each.request === request);
  if (!attempt) return undefined;
  advance(attempt, attemptLife, 'attempt-over');
  recovery.attempts = recovery.attempts.filter((each) => each !== attempt);
  return attempt;
}

/** Cancels attempts: the user has begun another turn, or the server answers by itself. */
function callOff(work: Work, isMeant: (attempt: Attempt) => boolean = () => true): void {
  const { recovery } = work.session;
  const meant = recovery.attempts.filter(isMeant);
  if (meant.length === 0) return;
  recovery.attempts = recovery.attempts.filter((each) => !meant.includes(each));
  for (const attempt of meant) {
    advance(attempt, attemptLife, 'called-off');
    const { request } = attempt;
    if (request !== null) post(work, 'retry-called-off', { request });
  }
}

/** Takes back the retry or apology for a request that is answered late after all. */
function onCreatedLate(work: Work, { request }: Facts['created-late']): void {
  if (!bringsAnswer(request)) return;
  const root = rootOf(request);
  const isMeant = ({ failed: { asked } }: Attempt): boolean => asked !== null && rootOf(asked) === root;
  for (const { request: id } of work.session.recovery.attempts.filter(isMeant)) {
    if (id === null) continue;
    post(work, 'request-cancelled', { request: id });
  }
  callOff(work, isMeant);
}

function onTick(work: Work): void {
  for (const attempt of work.session.recovery.attempts) {
    if (attempt.state === 'waiting' && work.session.now >= attempt.dueAt) again(work, attempt);
  }
}

function dueAt({ recovery: { attempts } }: Session): number {
  let due = Infinity;
  for (const attempt of attempts) if (attempt.state === 'waiting') due = Math.min(due, attempt.dueAt);
  return due;
}

export const recovery: Part = {
  tables: {},
  handlers: {
    over: onOver,
    unsent: onUnsent,
    complained: onComplained,
    'went-silent': (work, { request }) => fail(work, 'silent', request, 'unheard'),
    'turn-taken': (work) => callOff(work),
    'answer-created': (work) => callOff(work),
    'created-late': onCreatedLate,
    'request-cancelled': (work, { request }) =>
      callOff(work, ({ failed: { asked } }) => asked !== null && rootOf(asked) === request),
    'create-lost': (work, { request }) => void settleAttempt(work, request.id),
    interrupted: (work) => callOff(work),
    hangup: (work) => callOff(work),
    close: (work) => callOff(work),
    gone: (work) => callOff(work),
  },
  dueAt,
  onTick,
};
