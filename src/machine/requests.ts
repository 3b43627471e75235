import { forgetOldest } from '../bounded.js';
import type { Facts } from './facts.js';
import { noteHousekeeping } from './housekeeping.js';
import { wasSeen } from './items.js';
import type { Part } from './part.js';
import { at } from './read.js';
import {
  bringsAnswer,
  enqueue,
  expiresAt,
  isContinuation,
  leaveQueue,
  out,
  type Request,
  requestLife,
  type Requests,
  rootOf,
  waiting,
} from './request.js';
import { type OpenResponse, openResponses } from './response.js';
import { cancelOutstanding, cancelRequest, comeToNothing, leave, lostWords, merge, withdraw } from './settlement.js';
import type { Session } from './state.js';
import { advance } from './table.js';
import { turnBeganAfter } from './user-turn.js';
import { fault, post, tell, type Work } from './work.js';

// What the server makes of them ----------------------------------------------------------------------------------------

/** From here its response carries the request, and all that was merged with it. */
function onCreated(work: Work, { request, response, token }: Facts['created']): void {
  const { requests } = work.session;
  leaveQueue(work.session, request);
  if (request.token !== token && request.state === 'sent') abandonCreate(work.session, request);
  requests.late.delete(token);
  advance(request, requestLife, 'created');
  cancelOthers(requests, request);
  requests.all.delete(request.id);
  count(requests, request);
  if (request.cancelWished) post(work, 'response-unwanted', { response });
}

/** An earlier create of the same request was taken after all: the later one is out, and may be refused. */
function abandonCreate(session: Session, request: Request): void {
  remember(session, request);
  noteHousekeeping(session, request.eventId);
}

/** One create of a request was taken: its other creates are still known by their own tokens, and are not wanted. */
function cancelOthers({ late }: Requests, request: Request): void {
  for (const [token, other] of late) if (other === request) late.set(token, { ...request, token, cancelWished: true });
}

/** Nobody waits for it any more; where another create of the same request stands in its place, it is cancelled. */
function onCreatedLate(work: Work, { request, response, token }: Facts['created-late']): void {
  const { requests } = work.session;
  requests.late.delete(token);
  cancelOthers(requests, request);
  count(requests, request);
  if (request.cancelWished) post(work, 'response-unwanted', { response });
  if (!bringsAnswer(request)) return;
  // What was asked for in its place may have been given up as well: it is not to be said a second time.
  for (const other of requests.late.values()) if (rootOf(other) === rootOf(request)) other.cancelWished = true;
}

function count(requests: Requests, { lane, origin }: Request): void {
  if (lane === 'default' && origin !== 'follow-up') requests.inARow++;
}

/** The slot is taken: back to the head of the queue, where every guard decides it anew. */
function onConflict(work: Work, { request, refusal }: Facts['conflict']): void {
  const { session } = work;
  request.conflicts++;
  rememberUnnamed(session, request, refusal.eventId);
  if (request.cancelWished) return comeToNothing(work, request, 'withdrawn', { fact: 'refused' });
  if (request.conflicts > session.rules.limits.conflicts) {
    const message = `The slot of the conversation was taken ${request.conflicts} times.`;
    return comeToNothing(work, request, 'rejected', { message, fact: 'refused', refusal });
  }
  if (request.whenBlocked === 'hold-this-turn' && turnBeganAfter(session, request.writtenStep)) {
    return comeToNothing(work, request, 'expired', { fact: 'refused' });
  }
  advance(request, requestLife, 'conflict');
  request.leftMs = request.holdForMs;
  request.runningSince = session.now;
  enqueue(session, request, 'head');
  tell(work, { kind: 'put-back', request: request.id });
  for (const response of openResponses(session)) answerWaiting(work, response);
}

function onRefused(work: Work, { request, refusal }: Facts['refused']): void {
  rememberUnnamed(work.session, request, refusal.eventId);
  comeToNothing(work, request, 'rejected', { fact: 'refused', refusal });
}

/** An error that names no event may have been somebody else's: then this create comes to be all the same. */
function rememberUnnamed(session: Session, request: Request, eventId: string | null): void {
  if (eventId === null) remember(session, request);
}

/** How many creates that were given up are remembered: a bound, not a tuning. */
const REMEMBERED = 32;

function remember({ requests: { late } }: Session, request: Request): void {
  late.set(request.token, request);
  forgetOldest(late, REMEMBERED);
}

function leaveUnanswered(work: Work, request: Request): void {
  remember(work.session, request);
  fault(work, `The server neither created nor refused the response for '${request.purpose}'.`);
  comeToNothing(work, request, 'unanswered', { fact: 'create-overdue' });
}

/**
 * Merges what waits into the server's own answer, once that has begun: continuations that were asked for before it was
 * created, and follow nothing that it has not seen.
 */
function answerWaiting(work: Work, response: OpenResponse): void {
  const { session } = work;
  const { automatic } = response;
  if (!automatic || !response.begun) return;
  for (const request of waiting(session)) {
    if (!isContinuation(request) || !hasSeen(session, automatic, request)) continue;
    response.answers = [...response.answers, request.id, ...request.merged];
    merge(work, request, { response: response.id });
  }
}

type Automatic = NonNullable<OpenResponse['automatic']>;

/** The server's own answer came after the request, and on a trigger that was read after all that the request follows. */
const hasSeen = (
  session: Session,
  { step, triggeredAt, seen }: Automatic,
  { askedStep, continues: item, unseenBefore }: Request,
): boolean => askedStep <= step && triggeredAt > unseenBefore && wasSeen(session, item, seen);

// What time and the user do to them ------------------------------------------------------------------------------------

function elapse(work: Work): void {
  const { session } = work;
  for (const request of waiting(session)) {
    if (session.now >= expiresAt(request)) comeToNothing(work, request, 'expired');
  }
  for (const request of out(session)) {
    if (session.now >= createDueAt(session, request)) leaveUnanswered(work, request);
  }
}

const createDueAt = ({ rules }: Session, { writtenAt }: Request): number => writtenAt + rules.limits.createdMs;

function dueAt(session: Session): number {
  let due = Infinity;
  for (const request of session.requests.all.values()) {
    due = Math.min(due, request.state === 'sent' ? createDueAt(session, request) : expiresAt(request));
  }
  return due;
}

function onTurnTaken(work: Work): void {
  work.session.requests.inARow = 0;
  for (const request of waiting(work.session)) {
    if (request.whenBlocked === 'hold-this-turn') comeToNothing(work, request, 'expired');
  }
}

function onGone(work: Work, { code, reason }: Facts['gone']): void {
  const { session } = work;
  const message = lostWords(code, reason);
  for (const request of out(session)) {
    leave(session, request, 'gone');
    const requests = [request.id, ...request.merged];
    const outcome = { status: 'lost', whose: 'network', message } as const;
    tell(work, { kind: 'ended', response: null, lane: request.lane, requests, outcome, firstAudioAt: null });
  }
  session.requests.late.clear();
}

/** Counts a user item or a commit as a turn of the user's: the model no longer talks to nobody. */
function onSent({ session: { requests } }: Work, { event }: Facts['sent']): void {
  if (event.type === 'input_audio_buffer.commit' || at(event, 'item', 'role') === 'user') requests.inARow = 0;
}

export const requests: Part = {
  tables: {},
  heeds: {
    created: onCreated,
    'created-late': onCreatedLate,
    conflict: onConflict,
    refused: onRefused,
    'answer-begun': (work, { response }) => answerWaiting(work, response),
    'request-cancelled': (work, { request }) => cancelRequest(work, request),
    interrupted: cancelOutstanding,
    sent: onSent,
    'turn-taken': onTurnTaken,
    'retry-called-off': (work, { request }) => withdraw(work, request),
    gone: onGone,
  },
  dueAt,
  elapse,
};
