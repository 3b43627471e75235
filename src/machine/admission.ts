import { emptyList, put } from '../collections.js';
import { createFrame } from './create.js';
import { shutFor } from './guards.js';
import { lastSent } from './items.js';
import {
  areSame,
  type Ask,
  enqueue,
  isContinuation,
  keepClock,
  leaveQueue,
  move,
  nobodyWaits,
  type Request,
  requestLife,
  type Reviewed,
  waiting,
} from './request.js';
import { settleUnsent, merge, record } from './settlement.js';
import type { Session } from './state.js';
import { fault, makeId, post, send, tell, type Work } from './work.js';

type Shut = readonly { readonly name: string; readonly kind: 'terminal' | 'transient' }[];

// Deciding -------------------------------------------------------------------------------------------------------------

/** Decides a request made in this step: admits, holds or refuses it. */
export function decide(work: Work, asked: Ask): void {
  const { session } = work;
  const request = made(session, asked);
  session.requests.all = put(session.requests.all, request.id, request);
  if (asked.withdrawn) return settleUnsent(work, request, 'withdrawn');
  const shut = shutTo(work, request);
  request.shut = namesOf(shut);
  const blocking = blockingOf(request, shut);
  if (blocking) return settleUnsent(work, request, blocking);
  const isFull = session.requests.queue.length >= session.rules.limits.held;
  if (shut.length > 0 && isFull) return settleUnsent(work, request, 'queue-full');
  silence(work, request, shut);
  if (shut.length === 0) return admit(work, request);
  request.heldBy = request.shut;
  noteShut(session, shut);
  keepClock(session, request);
  enqueue(session, request, request.interrupt ? 'head' : 'tail');
  tell(work, { kind: 'held', request: request.id, by: request.heldBy });
}

function made(session: Session, asked: Ask): Request {
  const { now, requests } = session;
  const params = asked.params ?? {};
  const outOfBand = params['conversation'] === 'none';
  const lane = outOfBand ? 'out-of-band' : 'default';
  const audible = !outOfBand || mayBeHeard(params['output_modalities']);
  const sinceLastMs = requests.lastAskedAt === null ? null : now - requests.lastAskedAt;
  requests.lastAskedAt = now;
  // Written out field by field: spreading `asked` here would cost more than the rest of the step.
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
    lane,
    audible,
    kind: `${asked.origin} ${lane} ${audible} ${asked.override.join()}`,
    continues: continues(asked) ? lastSent(session) : 0,
    heldBy: emptyList,
    shut: emptyList,
    settled: false,
    leftMs: asked.holdForMs,
    runningSince: now,
    token: '',
    eventId: '',
    writtenAt: 0,
    writtenStep: 0,
    conflicts: 0,
    cancelWished: false,
    silenced: false,
    merged: [],
  };
}

/** An out-of-band response asks for text by default, so any modality that may contain sound counts as audible. */
const mayBeHeard = (modalities: unknown): boolean =>
  modalities !== undefined && !(Array.isArray(modalities) && modalities.length === 1 && modalities[0] === 'text');

/**
 * Whether a request adds no instructions of its own, so that any response that has seen the same items answers it too.
 */
export const continues = ({ origin, params }: Ask): boolean =>
  params === null && (origin === 'follow-up' || origin === 'user');

/** Names every guard that is shut to the request; the user's own guards come last. */
function shutTo(work: Work, request: Request): Shut {
  const builtIn = shutFor(work.session, request);
  return work.session.rules.guards.length === 0 ? builtIn : [...builtIn, ...shutByUser(work)];
}

/** Asks each of the user's own guards, at most once per step. A guard that throws counts as shut. */
function shutByUser(work: Work): Shut {
  return work.session.rules.guards.filter(({ name }) => {
    const answered = (work.answered ??= new Map<string, boolean>());
    const known = answered.get(name);
    if (known !== undefined) return known;
    const answer = work.ask({ guard: name });
    const isShut = 'yes' in answer ? answer.yes : true;
    if ('threw' in answer) {
      fault(work, `The guard '${name}' threw, and counts as shut. ${answer.threw.words}`, answer.threw);
    }
    answered.set(name, isShut);
    return isShut;
  });
}

/** Notes which of the user's own guards hold waiting requests, so that reading the state need not call them. */
function noteShut({ rules, requests }: Session, shut: Shut): void {
  if (rules.guards.length === 0) return;
  requests.shutByUser = rules.guards.filter((guard) => shut.includes(guard)).map(({ name }) => name);
}

/** The guard for which the request must be refused: a terminal one, or any guard if the request may not wait. */
function blockingOf(request: Request, shut: Shut): string | undefined {
  if (shut.length === 0) return undefined;
  const terminal = shut.find(({ kind }) => kind === 'terminal');
  const impatient = request.whenBlocked === 'refuse';
  const inTheWay = impatient ? shut.find(({ name }) => !(request.interrupt && name === 'response-active')) : undefined;
  return (terminal ?? inTheWay)?.name;
}

function admit(work: Work, request: Request): void {
  const { session } = work;
  leaveQueue(session, request);
  move(session, request, 'admitted');
  request.token = makeId(session);
  request.eventId = makeId(session);
  request.writtenAt = session.now;
  request.writtenStep = session.steps;
  send(work, createFrame(request, request.token, request.eventId));
  post(work, 'create-written');
  if (request.settled) return tell(work, { kind: 'sent-again', request: request.id });
  tell(work, { kind: 'admitted', request: request.id });
  record(work, request, { verdict: 'admit', by: null, outcome: null }, null);
}

/**
 * Reviews the waiting requests in order: refuses those that a terminal guard meets, and admits those that no guard holds.
 * Guards are asked once for each kind of request; the requests are looked at where the answers have changed.
 */
export function review(work: Work): void {
  if (nobodyWaits(work.session) || areHeldAsBefore(work)) return;
  lookAtAll(work);
}

function areHeldAsBefore(work: Work): boolean {
  const { reviewed } = work.session.requests;
  if (!reviewed) return false;
  for (const { asker, names } of reviewed.values()) {
    const shut = shutTo(work, asker);
    noteShut(work.session, shut);
    if (shut.length === 0 || !areSame(names, namesOf(shut))) return false;
  }
  return true;
}

function lookAtAll(work: Work): void {
  const { session } = work;
  const asked = new Map<string, Asked>();
  let isWhole = true;
  for (const request of waiting(session)) {
    if (request.state !== 'waiting') continue;
    const { shut, names } = asked.get(request.kind) ?? ask(work, request, asked);
    if (shut.length > 0 && request.shut === names && !request.interrupt) continue;
    const blocking = blockingOf(request, shut);
    const isNews = !areSame(request.shut, names);
    request.shut = names;
    keepClock(session, request);
    if (!blocking) silence(work, request, shut);
    if (blocking) settleUnsent(work, request, blocking);
    else if (shut.length === 0) admitWithItsLike(work, request);
    else {
      if (isNews) tell(work, { kind: 'waits', request: request.id, by: names });
      if (request.interrupt && shut.every(({ name }) => name === 'response-active')) post(work, 'slot-wanted');
      isWhole &&= !request.interrupt;
      continue;
    }
    asked.clear();
    isWhole = false;
  }
  session.requests.reviewed = isWhole ? asked : null;
}

interface Asked extends Reviewed {
  readonly shut: Shut;
}

function ask(work: Work, request: Request, asked: Map<string, Asked>): Asked {
  const shut = shutTo(work, request);
  noteShut(work.session, shut);
  const names = namesOf(shut);
  const found = { asker: request, shut, names: areSame(request.shut, names) ? request.shut : names };
  asked.set(request.kind, found);
  return found;
}

const namesOf = (shut: Shut): readonly string[] => (shut.length === 0 ? emptyList : shut.map(({ name }) => name));

/** Ends what is being heard, once per interrupting request, as soon as only the model's own speech blocks it. */
function silence(work: Work, request: Request, shut: Shut): void {
  const isMadeForIt = ({ name }: Shut[number]): boolean => name === 'response-active' || name === 'playback';
  if (!request.interrupt || request.silenced || request.lane !== 'default' || !shut.every(isMadeForIt)) return;
  request.silenced = true;
  post(work, 'silence-wanted');
}

/**
 * Admits, with the first request, every other continuation that waits only for the slot: one create answers them all.
 */
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
