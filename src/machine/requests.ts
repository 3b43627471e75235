import type { OverridableGuard } from '../../types/index.js';
import { forgetOldest } from '../bounded.js';
import { createFrame } from './create.js';
import type { Into, Lane, Settlement } from './effects.js';
import { epochOf } from './configuration.js';
import type { Facts, FactName } from './facts.js';
import { explain, shutFor } from './guards.js';
import { lastSent, wasSeen } from './items.js';
import type { Part } from './part.js';
import type { Json } from './read.js';
import { CONFLICT } from './refusals.js';
import { cancelResponse, cancelSlot, noteHousekeeping, openResponses, type OpenResponse } from './responses.js';
import type { Session } from './state.js';
import { advance, table, type StateOf } from './table.js';
import { turnBeganAfter } from './user-turn.js';
import { fault, makeId, post, send, tell, type Work } from './work.js';

/** The life of one request. `over`: a response carries it from here, or it came to nothing. */
export const requestLife = table<'waiting' | 'sent' | 'over'>('request', {
  waiting: { admitted: 'sent', created: 'over', merged: 'over', settled: 'over' },
  sent: { created: 'over', conflict: 'waiting', refused: 'over', 'create-overdue': 'over', gone: 'over' },
  over: {},
});

/** What is asked for. */
export interface Ask {
  /** Of the user's requests, 1 and up; of the session's own, −1 and down. */
  readonly id: number;
  readonly purpose: string;
  /** The wire's parameters, a plain copy; null where none were given. */
  readonly params: Json | null;
  readonly whenBlocked: 'hold' | 'hold-this-turn' | 'refuse';
  readonly override: readonly OverridableGuard[];
  readonly interrupt: boolean;
  readonly holdForMs: number;
  /** `user`: respond(). `follow-up`: after a tool round. `remark`: while a tool runs. `farewell`: hangup()'s own.
   * `retry`, `apology`: after a failure. */
  readonly origin: 'user' | 'follow-up' | 'remark' | 'farewell' | 'retry' | 'apology';
  /** How many rounds of tools it continues. */
  readonly depth: number;
  /** How often the same has been tried before. */
  readonly attempt: number;
  /** The request that it retries or apologises for; null: it stands for itself. */
  readonly root: number | null;
  /** The step before which no response can have seen what it follows; 0: any can. */
  readonly unseenBefore: number;
  /** Its signal had been aborted before it was asked for. */
  readonly withdrawn: boolean;
}

export interface Request extends Omit<Ask, 'depth' | 'withdrawn'> {
  state: StateOf<typeof requestLife>;
  readonly askedAt: number;
  readonly askedStep: number;
  readonly sinceLastMs: number | null;
  depth: number;
  readonly lane: Lane;
  readonly audible: boolean;
  /** The last item or commit that was sent before it; 0 if none, or if it brings parameters of its own. */
  readonly continues: number;
  heldBy: readonly string[];
  /** The verdict has been given for good; what follows concerns only its response. */
  settled: boolean;
  /** How long it may still wait: from `runningSince`, or, where that is null, while its clock stands still. */
  leftMs: number;
  runningSince: number | null;
  /** Of the last create that was written for it; empty before the first. */
  token: string;
  eventId: string;
  writtenAt: number;
  writtenStep: number;
  conflicts: number;
  cancelWished: boolean;
  /** Requests that this one's response answers too. */
  merged: number[];
}

export interface Requests {
  readonly all: Map<number, Request>;
  /** The ids of those that wait, in their order. */
  queue: number[];
  /** Creates that were given up, by their token: the server may have taken them all the same. */
  readonly late: Map<string, Request>;
  /** Responses of ours since the user's last turn. */
  inARow: number;
  lastAskedAt: number | null;
  /** Counts the session's own requests. */
  own: number;
}

export const firstRequests = (): Requests => ({
  all: new Map(),
  queue: [],
  late: new Map(),
  inARow: 0,
  lastAskedAt: null,
  own: 0,
});

/** A create of ours on the default conversation is written, and neither created nor refused. */
export function createIsOut({ requests: { all } }: Session): boolean {
  for (const { state, lane } of all.values()) if (state === 'sent' && lane === 'default') return true;
  return false;
}

const out = ({ requests: { all } }: Session): readonly Request[] =>
  [...all.values()].filter(({ state }) => state === 'sent');
/** The request whose create carries this `event_id` and is out. */
export const requestOf = (session: Session, eventId: string): Request | undefined =>
  out(session).find((request) => request.eventId === eventId);
/** The only create that is out; none where there are several. */
export function onlyCreateOut(session: Session, lane: 'default' | 'any'): Request | undefined {
  const candidates = out(session).filter((request) => lane === 'any' || request.lane === lane);
  return candidates.length === 1 ? candidates[0] : undefined;
}
/** Whose response carries this token: a request that still stands, or one that was given up. */
export const requestWith = ({ requests: { all, late } }: Session, token: string): Request | undefined =>
  [...all.values()].find((request) => request.token === token) ?? late.get(token);
export const nobodyWaits = ({ requests: { queue } }: Session): boolean => queue.length === 0;
export const responsesInARow = ({ requests: { inARow } }: Session): number => inARow;
export const outstanding = (session: Session): Request | undefined =>
  out(session).find(({ lane }) => lane === 'default');
/** Those that wait, in their order. */
export const waiting = ({ requests: { queue, all } }: Session): readonly Request[] =>
  queue.map((id) => all.get(id)).filter((request) => request !== undefined);

type Shut = readonly { readonly name: string; readonly kind: 'terminal' | 'transient' }[];

// Deciding -------------------------------------------------------------------------------------------------------------

/** Makes a request of the session's own; it is decided in this step, after all facts have been heard. */
export function askOwn(
  { session: { requests, rules }, newcomers }: Work,
  about: Pick<Ask, 'purpose' | 'params' | 'origin'> & Partial<Ask>,
): number {
  const id = --requests.own;
  newcomers.push({
    whenBlocked: 'hold',
    override: [],
    interrupt: false,
    holdForMs: rules.limits.holdForMs,
    depth: 0,
    attempt: 0,
    root: null,
    unseenBefore: 0,
    withdrawn: false,
    ...about,
    id,
  });
  return id;
}

/** Decides one request that is made now: admitted, held or refused. */
export function decide(work: Work, asked: Ask): void {
  const { session } = work;
  const request = made(session, asked);
  session.requests.all.set(request.id, request);
  if (asked.withdrawn) return comeToNothing(work, request, 'withdrawn');
  const shut = shutTo(work, request);
  const blocking = blockingOf(request, shut);
  const isMadeForIt = ({ name }: Shut[number]): boolean => name === 'response-active' || name === 'playback';
  if (request.interrupt && request.lane === 'default' && !blocking && shut.every(isMadeForIt))
    post(work, 'interrupted');
  if (shut.length === 0) return admit(work, request);
  if (blocking) return comeToNothing(work, request, blocking);
  if (session.requests.queue.length >= session.rules.limits.held) return comeToNothing(work, request, 'queue-full');
  request.heldBy = shut.map(({ name }) => name);
  keepClock(session, request, shut);
  enqueue(session, request, request.interrupt ? 'head' : 'tail');
  tell(work, { kind: 'held', request: request.id, by: request.heldBy });
}

function made(session: Session, asked: Ask): Request {
  const { now, requests } = session;
  const outOfBand = asked.params?.['conversation'] === 'none';
  const sinceLastMs = requests.lastAskedAt === null ? null : now - requests.lastAskedAt;
  requests.lastAskedAt = now;
  // Written out: to spread it into the rest costs more than the whole of the step.
  return {
    id: asked.id,
    purpose: asked.purpose,
    params: asked.params,
    whenBlocked: asked.whenBlocked,
    override: asked.override,
    interrupt: asked.interrupt,
    holdForMs: asked.holdForMs,
    origin: asked.origin,
    depth: asked.depth,
    attempt: asked.attempt,
    root: asked.root,
    unseenBefore: asked.unseenBefore,
    state: requestLife.first,
    askedAt: now,
    askedStep: session.steps,
    sinceLastMs,
    lane: outOfBand ? 'out-of-band' : 'default',
    audible: !outOfBand || mayBeHeard(asked.params?.['output_modalities']),
    continues: continues(asked) ? lastSent(session) : 0,
    heldBy: [],
    settled: false,
    leftMs: asked.holdForMs,
    runningSince: now,
    token: '',
    eventId: '',
    writtenAt: 0,
    writtenStep: 0,
    conflicts: 0,
    cancelWished: false,
    merged: [],
  };
}

/** Beside the conversation we ask for text, unless the parameters say otherwise: whatever may be sound counts as sound. */
const mayBeHeard = (modalities: unknown): boolean =>
  modalities !== undefined && !(Array.isArray(modalities) && modalities.length === 1 && modalities[0] === 'text');

/** It brings nothing of its own: any response that has seen what was sent before it answers it as well. */
const continues = ({ origin, params }: Ask): boolean =>
  params === null && (origin === 'follow-up' || origin === 'user');
/** Another response may answer it as well. */
const isContinuation = ({ continues: item, unseenBefore }: Request): boolean => item > 0 || unseenBefore > 0;

const enqueue = ({ requests: { queue } }: Session, { id }: Request, where: 'head' | 'tail'): unknown =>
  where === 'head' ? queue.unshift(id) : queue.push(id);

/** Every guard that is shut to it, the user's own last. */
const shutTo = (work: Work, request: Request): Shut => [...shutFor(work.session, request), ...shutByUser(work)];

/** Asks the user's own guards, each once a step. One that throws is shut. */
function shutByUser(work: Work): Shut {
  return work.session.rules.guards.filter(({ name }) => {
    const answered = (work.answered ??= new Map<string, boolean>());
    const known = answered.get(name);
    if (known !== undefined) return known;
    const answer = work.ask({ guard: name });
    const shut = 'yes' in answer ? answer.yes : true;
    if ('threw' in answer) fault(work, `The guard '${name}' threw, and counts as shut.`, answer.threw);
    answered.set(name, shut);
    return shut;
  });
}

/** What it may not wait for: a terminal guard, or any at all if it does not wait. */
function blockingOf(request: Request, shut: Shut): string | undefined {
  const terminal = shut.find(({ kind }) => kind === 'terminal');
  const impatient = request.whenBlocked === 'refuse';
  const inTheWay = impatient ? shut.find(({ name }) => !(request.interrupt && name === 'response-active')) : undefined;
  return (terminal ?? inTheWay)?.name;
}

/** Its clock stands still while `playback` is all that it waits for: speech takes as long as it takes. */
function keepClock({ now }: Session, request: Request, shut: Shut): void {
  const standsStill = shut.length === 1 && shut[0]?.name === 'playback';
  if (standsStill && request.runningSince !== null) {
    request.leftMs -= now - request.runningSince;
    request.runningSince = null;
  } else if (!standsStill) request.runningSince ??= now;
}

const expiresAt = ({ runningSince, leftMs }: Request): number =>
  runningSince === null ? Infinity : runningSince + leftMs;

function admit(work: Work, request: Request): void {
  const { session } = work;
  leaveQueue(session, request);
  advance(request, requestLife, 'admitted');
  request.token = makeId(session);
  request.eventId = makeId(session);
  request.writtenAt = session.now;
  request.writtenStep = session.steps;
  send(work, createFrame(request, request.token, request.eventId));
  if (request.settled) return;
  tell(work, { kind: 'admitted', request: request.id });
  record(work, request, 'admit', null, null);
}

/** Looks at all that waits: what may not wait any longer is refused, what may go goes, in its order. */
export function review(work: Work): void {
  const { session } = work;
  if (session.requests.queue.length === 0) return;
  for (const request of waiting(session)) {
    if (request.state !== 'waiting') continue;
    const shut = shutTo(work, request);
    const blocking = blockingOf(request, shut);
    keepClock(session, request, shut);
    if (blocking) comeToNothing(work, request, blocking);
    else if (shut.length === 0) admitWithItsLike(work, request);
    else if (request.interrupt && shut.every(({ name }) => name === 'response-active')) cancelSlot(work);
  }
}

/** Every continuation that waited for the slot alone goes out with the first as one create. */
function admitWithItsLike(work: Work, first: Request): void {
  admit(work, first);
  if (!isContinuation(first)) return;
  for (const request of waiting(work.session)) {
    const waitsForSlot = shutTo(work, request).every(({ name }) => name === 'response-active');
    if (!isContinuation(request) || !waitsForSlot) continue;
    first.depth = Math.max(first.depth, request.depth);
    first.merged.push(request.id, ...request.merged);
    merge(work, request, { request: first.id });
  }
}

// Settling -------------------------------------------------------------------------------------------------------------

function merge(work: Work, request: Request, into: Into): void {
  leave(work.session, request, 'merged');
  if (request.settled) return tell(work, { kind: 'answered', request: request.id, into });
  tell(work, { kind: 'merged', request: request.id, into });
  record(work, request, 'merge', null, 'response' in into ? into.response : null);
}

/** Settles a request as unsent: refused, expired, withdrawn, or rejected by the server. */
function comeToNothing(
  work: Work,
  request: Request,
  by: string,
  { message = explain(by), fact = 'settled', code = null }: Why = {},
): void {
  leave(work.session, request, fact);
  if (!request.settled) {
    tell(work, { kind: 'refused', request: request.id, by, message });
    record(work, request, 'refuse', by, null);
  }
  const requests = [request.id, ...request.merged];
  tell(work, {
    kind: 'ended',
    response: null,
    lane: request.lane,
    requests,
    outcome: { status: 'unsent', by, message },
  });
  post(work, 'unsent', { request, by, code });
}
interface Why {
  readonly message?: string;
  readonly fact?: FactName;
  /** The server's code, where it refused the create. */
  readonly code?: string | null;
}

function leave(session: Session, request: Request, fact: FactName): void {
  leaveQueue(session, request);
  advance(request, requestLife, fact);
  session.requests.all.delete(request.id);
}

function leaveQueue({ requests }: Session, request: Request): void {
  if (requests.queue.length > 0) requests.queue = requests.queue.filter((id) => id !== request.id);
}

/** Gives the verdict for good. Exactly one record is left of each request. */
function record(
  work: Work,
  request: Request,
  verdict: Settlement['verdict'],
  by: string | null,
  response: string | null,
): void {
  const { session } = work;
  request.settled = true;
  const { id, purpose, heldBy, override: overrides, askedAt, sinceLastMs } = request;
  const times = { epoch: epochOf(session), askedAt, settledAt: session.now, sinceLastMs };
  tell(work, { kind: 'record', record: { request: id, purpose, verdict, by, heldBy, overrides, ...times, response } });
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

/** Whatever is on its way is cancelled as soon as it exists. */
export function cancelOutstanding(session: Session): void {
  for (const request of out(session)) if (request.lane === 'default') request.cancelWished = true;
}

// What the server makes of them ----------------------------------------------------------------------------------------

/** From here its response carries the request, and all that was merged with it. */
function onCreated(work: Work, { request, response, token }: Facts['created']): void {
  const { requests } = work.session;
  leaveQueue(work.session, request);
  if (request.token !== token) abandonCreate(work.session, request);
  requests.late.delete(token);
  advance(request, requestLife, 'created');
  requests.all.delete(request.id);
  count(requests, request);
  if (request.cancelWished) cancelResponse(work, response);
}

/** An earlier create of the same request was taken after all: what the later one becomes is cancelled, or refused. */
function abandonCreate(session: Session, request: Request): void {
  if (request.state !== 'sent') return;
  remember(session, { ...request, state: 'over', cancelWished: true });
  noteHousekeeping(session, request.eventId);
}

/** Nobody waits for it any more; where another create of the same request stands in its place, it is cancelled. */
function onCreatedLate(work: Work, { request, response }: Facts['created-late']): void {
  const { requests } = work.session;
  requests.late.delete(request.token);
  count(requests, request);
  if (request.cancelWished) cancelResponse(work, response);
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
    return comeToNothing(work, request, 'rejected', { message, fact: 'refused', code: CONFLICT });
  }
  if (request.whenBlocked === 'hold-this-turn' && turnBeganAfter(session, request.writtenStep)) {
    return comeToNothing(work, request, 'expired', { fact: 'refused' });
  }
  advance(request, requestLife, 'conflict');
  request.leftMs = request.holdForMs;
  request.runningSince = session.now;
  enqueue(session, request, 'head');
  for (const response of openResponses(session)) answerWaiting(work, response);
}

function onRefused(work: Work, { request, refusal: { code, message, eventId } }: Facts['refused']): void {
  rememberUnnamed(work.session, request, eventId);
  comeToNothing(work, request, 'rejected', { message, fact: 'refused', code });
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
export function answerWaiting(work: Work, response: OpenResponse): void {
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
    tell(work, { kind: 'ended', response: null, lane: request.lane, requests, outcome });
  }
  session.requests.late.clear();
}

/** What is said of a response that the connection took with it. */
export function lostWords(code: number | null, reason: string): string {
  const why = [code === null ? 'no close frame' : `close code ${code}`, ...(reason ? [reason] : [])].join(', ');
  return `The connection ended before the response did (${why}).`;
}

export const requests: Part = {
  tables: {},
  heeds: {
    created: onCreated,
    'created-late': onCreatedLate,
    conflict: onConflict,
    refused: onRefused,
    'turn-taken': onTurnTaken,
    'retry-called-off': (work, { request }) => withdraw(work, request),
    gone: onGone,
  },
  dueAt,
  elapse,
};
