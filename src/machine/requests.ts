import { forgetOldest } from '../bounded.js';
import { put } from '../collections.js';
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
  keepClock,
  leaveQueue,
  move,
  nobodyWaits,
  out,
  type Request,
  type Requests,
  rootOf,
  waiting,
} from './request.js';
import { type OpenResponse, openResponses } from './response.js';
import { cancelOutstanding, cancelRequest, settleUnsent, leave, lostWords, merge, withdraw } from './settlement.js';
import type { Session } from './state.js';
import { turnBeganAfter } from './user-turn.js';
import { fault, post, tell, type Work } from './work.js';

// What the server makes of them ----------------------------------------------------------------------------------------

/** Hands the request, and all that were merged into it, over to its response. */
function onCreated(work: Work, { request, response, token }: Facts['created']): void {
  const { requests } = work.session;
  leaveQueue(work.session, request);
  if (request.token !== token && request.state === 'sent') abandonCreate(work.session, request);
  requests.late.delete(token);
  move(work.session, request, 'created');
  cancelOthers(requests, request);
  requests.all.delete(request.id);
  count(requests, request);
  if (request.cancelWished) post(work, 'response-unwanted', { response });
}

/** Gives up the request's latest create, because the server accepted an earlier one after all. */
function abandonCreate(session: Session, request: Request): void {
  remember(session, request);
  noteHousekeeping(session, request.eventId);
}

/** Marks the other creates of a request as unwanted: one of them has been accepted. */
function cancelOthers(requests: Requests, request: Request): void {
  for (const [token, other] of requests.late) {
    if (other === request) requests.late = put(requests.late, token, { ...request, token, cancelWished: true });
  }
}

/** Reports the late response of a request given up, and cancels it if another create of that request replaced it. */
function onCreatedLate(work: Work, { request, response, token }: Facts['created-late']): void {
  const { requests } = work.session;
  requests.late.delete(token);
  cancelOthers(requests, request);
  count(requests, request);
  if (request.cancelWished) post(work, 'response-unwanted', { response });
  if (!bringsAnswer(request)) return;
  // The replacement may have been given up too: it must not be spoken a second time.
  for (const other of requests.late.values()) if (rootOf(other) === rootOf(request)) other.cancelWished = true;
}

function count(requests: Requests, { lane, origin }: Request): void {
  if (lane === 'default' && origin !== 'follow-up') requests.inARow++;
}

/** Puts the request back at the head of the queue, because the slot is taken; every guard decides it again. */
function onConflict(work: Work, { request, refusal }: Facts['conflict']): void {
  const { session } = work;
  request.conflicts++;
  rememberUnnamed(session, request, refusal.eventId);
  if (request.cancelWished) return settleUnsent(work, request, 'withdrawn', { fact: 'refused' });
  if (request.conflicts > session.rules.limits.conflicts) {
    const message = `The slot of the conversation was taken ${request.conflicts} times.`;
    return settleUnsent(work, request, 'rejected', { message, fact: 'refused', refusal });
  }
  if (request.whenBlocked === 'hold-this-turn' && turnBeganAfter(session, request.writtenStep)) {
    return settleUnsent(work, request, 'expired', { fact: 'refused' });
  }
  move(session, request, 'conflict');
  request.leftMs = request.holdForMs;
  request.runningSince = session.now;
  enqueue(session, request, 'head');
  tell(work, { kind: 'put-back', request: request.id });
  for (const response of openResponses(session)) answerWaiting(work, response);
}

function onRefused(work: Work, { request, refusal }: Facts['refused']): void {
  rememberUnnamed(work.session, request, refusal.eventId);
  settleUnsent(work, request, 'rejected', { fact: 'refused', refusal });
}

/** Remembers a create after an error without an id: the error may be about something else, and the create accepted. */
function rememberUnnamed(session: Session, request: Request, eventId: string | null): void {
  if (eventId === null) remember(session, request);
}

/** How many creates that were given up are remembered: a memory bound, not a setting. */
const REMEMBERED = 32;

function remember({ requests }: Session, request: Request): void {
  requests.late = put(requests.late, request.token, request);
  forgetOldest(requests.late, REMEMBERED);
}

function leaveUnanswered(work: Work, request: Request): void {
  remember(work.session, request);
  fault(work, `The server neither created nor refused the response for '${request.purpose}'.`);
  settleUnsent(work, request, 'unanswered', { fact: 'create-overdue' });
}

/**
 * Merges waiting requests into the server's own answer, once it has begun: continuations made before it was created
 * that follow only items which it has seen.
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

/**
 * Whether the server's own answer was created after the request, and triggered after everything that the request
 * follows.
 */
const hasSeen = (
  session: Session,
  { step, triggeredAt, seen }: Automatic,
  { askedStep, continues: item, unseenBefore }: Request,
): boolean => askedStep <= step && triggeredAt > unseenBefore && wasSeen(session, item, seen);

// What time and the user do to them ------------------------------------------------------------------------------------

function onTick(work: Work): void {
  const { session } = work;
  for (const request of out(session)) {
    if (session.now >= createDueAt(session, request)) leaveUnanswered(work, request);
  }
  if (session.now >= session.requests.nextExpiry) expire(work);
}

function expire(work: Work): void {
  const { session } = work;
  let next = Infinity;
  for (const request of waiting(session)) {
    const at = expiresAt(request);
    if (session.now >= at) settleUnsent(work, request, 'expired');
    else next = Math.min(next, at);
  }
  session.requests.nextExpiry = next;
}

const createDueAt = ({ rules }: Session, { writtenAt }: Request): number => writtenAt + rules.limits.createdMs;

function dueAt(session: Session): number {
  let due = nobodyWaits(session) ? Infinity : session.requests.nextExpiry;
  for (const request of out(session)) due = Math.min(due, createDueAt(session, request));
  return due;
}

function onTurnTaken(work: Work): void {
  work.session.requests.inARow = 0;
  for (const request of waiting(work.session)) {
    if (request.whenBlocked === 'hold-this-turn') settleUnsent(work, request, 'expired');
  }
}

function onLost(work: Work, { code, reason }: Facts['gone'], is: 'gone' | 'dropped'): void {
  const { session } = work;
  keepClocks(work);
  const message = lostWords(code, reason);
  for (const request of out(session)) {
    leave(session, request, is);
    const requests = [request.id, ...request.merged];
    const outcome = { status: 'lost', whose: 'network', message } as const;
    tell(work, { kind: 'ended', response: null, lane: request.lane, requests, outcome, firstAudioAt: null });
    post(work, 'create-lost', { request });
  }
  session.requests.late.clear();
}

/** The guards may be the same before a line is lost, while none is live, and after the next has taken over. */
function keepClocks({ session }: Work): void {
  for (const request of waiting(session)) keepClock(session, request);
}

/**
 * Counts a user item or a commit sent by hand as a turn of the user's, which resets the count of responses in a row.
 */
function onSent({ session: { requests } }: Work, { event }: Facts['sent']): void {
  if (event.type === 'input_audio_buffer.commit' || at(event, 'item', 'role') === 'user') requests.inARow = 0;
}

export const requests: Part = {
  tables: {},
  handlers: {
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
    dropped: onLost,
    parted: keepClocks,
    'taken-over': keepClocks,
    gone: onLost,
  },
  dueAt,
  onTick,
};
