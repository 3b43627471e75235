import type { HangUpReason } from '../../types/index.js';
import type { Thrown } from './asking.js';
import { answerIsImminent, serverAnswers, serverInterrupts } from './automatic-answer.js';
import { close, endsAs, goesOn, isAway } from './connection.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import type { Json } from './read.js';
import { askOwn, bringsAnswer, rootOf } from './request.js';
import type { OpenResponse } from './response.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { madeSound } from './track.js';
import { QUIET } from './update.js';
import { serverHears, userSpeaks } from './user-turn.js';
import { command, fault, post, tell, type Work } from './work.js';

/**
 * The hang-up: the farewell plays to its end, the carrier's leg is ended, and the session closes. `quieting`: the
 * server is told not to answer or interrupt by itself. `saying`: the farewell is requested, spoken or being heard.
 */
export const hangUpTable = table<'none' | 'quieting' | 'saying' | 'ending' | 'ended'>('hangup', {
  none: { hangup: 'quieting' },
  quieting: {
    'farewell-wanted': 'saying',
    'farewell-over': 'ending',
    'hangup-resumed': 'none',
    close: 'ended',
    gone: 'ended',
  },
  saying: { 'farewell-over': 'ending', 'hangup-resumed': 'none', close: 'ended', gone: 'ended' },
  ending: { close: 'ended', gone: 'ended' },
  ended: {},
});
/** The carrier's leg of the call. */
export const legTable = table<'standing' | 'ending' | 'ended'>('leg', {
  standing: { 'leg-ending': 'ending' },
  ending: { 'leg-ended': 'ended' },
  ended: {},
});

/** A hang-up as requested. */
export interface HangUpAsk {
  readonly purpose: string;
  /** The parameters of the farewell; null: no farewell. */
  readonly farewell: Json | null;
  readonly onBargeIn: 'resume' | 'hang-up';
  readonly deadlineMs: number;
  /** `failure`: recovery ends the call. `budget`: the money is spent. */
  readonly why: 'asked' | 'failure' | 'budget';
  /** The failed request for which recovery hangs up; if it is answered late after all, the call goes on. */
  readonly root: number | null;
}

export interface HangUp extends HangUpAsk {
  readonly deadlineAt: number;
  /** The turn detection before the hang-up changed it; null: it was not changed. */
  detection: Json | null;
  /** When to ask for the farewell even if the server has not confirmed that it is quiet; Infinity once it has. */
  quietBy: number;
  /** The request for the farewell; then the response that carries it. */
  request: number | null;
  response: string | null;
  /** Whether the farewell is over, or there is none. */
  isOver: boolean;
}

/** Whether the server is kept quiet until the end, so that no update may change that. */
export const keepsQuiet = ({ hangUp }: Session): boolean => hangUp !== null && hangUp.onBargeIn === 'hang-up';
/**
 * Reads `hangUp` and not its table: a table moves later in the step, and callers must already see a hang-up taken back.
 */
export const hangUpIsPending = ({ hangUp }: Session): boolean => hangUp !== null;
const isBeingSaid = ({ is }: Session): boolean => is.hangup === 'quieting' || is.hangup === 'saying';
/** Nothing is left but the carrier's leg. */
export const isEndingLeg = ({ is }: Session): boolean => is.hangup === 'ending';
const isFarewell = ({ hangUp }: Session, request: number): boolean => hangUp !== null && hangUp.request === request;

/** Begins a hang-up, unless one is already pending, or the user has the floor. */
function onWanted(work: Work, { asked }: Facts['hangup-wanted']): void {
  const { session } = work;
  if (!goesOn(session)) return endLegLater(work, asked);
  if (hangUpIsPending(session)) return;
  const hasFloor = userSpeaks(session) || answerIsImminent(session);
  if (asked.farewell && asked.onBargeIn === 'resume' && hasFloor) return tell(work, { kind: 'resumed' });
  const deadlineAt = session.now + asked.deadlineMs;
  session.hangUp = {
    ...asked,
    deadlineAt,
    detection: null,
    quietBy: Infinity,
    request: null,
    response: null,
    isOver: false,
  };
  post(work, 'hangup');
}

function onHangup(work: Work): void {
  const { session } = work;
  const { hangUp: pending } = session;
  if (!pending?.farewell) return post(work, 'farewell-over', { how: 'none' });
  const isLoud = serverAnswers(session) || serverInterrupts(session);
  if (pending.onBargeIn === 'resume' || !isLoud) return post(work, 'farewell-wanted', { hangUp: pending });
  pending.quietBy = session.now + pending.deadlineMs / 3;
  pending.detection = session.configuration.detection;
  post(work, 'quiet-wanted', { timeoutMs: pending.deadlineMs });
}

function onFarewellWanted(work: Work, { hangUp: pending }: Facts['farewell-wanted']): void {
  const { now } = work.session;
  pending.quietBy = Infinity;
  const { purpose, farewell, deadlineAt } = pending;
  // A farewell calls no tools, unless its own parameters say otherwise.
  const params = { tool_choice: 'none', ...farewell };
  pending.request = askOwn(work, { purpose, params, origin: 'farewell', holdForMs: Math.max(1, deadlineAt - now) });
}

function onQuiet(work: Work, update: number | undefined): void {
  const { hangUp: pending, is } = work.session;
  if (pending && update === QUIET && is.hangup === 'quieting') post(work, 'farewell-wanted', { hangUp: pending });
}

// How the farewell goes ------------------------------------------------------------------------------------------------

function onUnsent(work: Work, { request }: Facts['unsent']): void {
  if (isFarewell(work.session, request.id)) post(work, 'farewell-over', { how: 'failed' });
}

function onCreated({ session }: Work, { request, response }: Facts['created']): void {
  if (session.hangUp && isFarewell(session, request.id)) session.hangUp.response = response.id;
}

function onOver(work: Work, { response, outcome: { status } }: Facts['over']): void {
  const { hangUp: pending, is } = work.session;
  if (is.hangup !== 'saying' || pending?.response !== response.id) return;
  if (status === 'completed' || status === 'incomplete') return;
  if (status === 'lost' && isAway(work.session)) return lost(work, pending, response);
  post(work, 'farewell-over', { how: status === 'cancelled' ? 'cut' : 'failed' });
}

/** A farewell that was lost before its first sound is asked for once more; what has begun is heard as far as it goes. */
function lost(work: Work, pending: HangUp, response: OpenResponse): void {
  if (madeSound(work.session, response)) return;
  pending.response = null;
  post(work, 'farewell-wanted', { hangUp: pending });
}

function onCreateLost(work: Work, { request }: Facts['create-lost']): void {
  const { session } = work;
  if (session.hangUp && isFarewell(session, request.id) && isAway(session)) {
    post(work, 'farewell-wanted', { hangUp: session.hangUp });
  }
}

/**
 * Ends the farewell according to how it was heard: no sound means it failed; broken off by the server, it was cut.
 * Other endings of its response have been handled before.
 */
function onHeard(work: Work, { id, how }: Facts['heard']): void {
  const { hangUp: pending, is } = work.session;
  if (is.hangup !== 'saying' || pending?.response !== id) return;
  post(work, 'farewell-over', { how: how === 'none' ? 'failed' : how });
}

// Barge-in -------------------------------------------------------------------------------------------------------------

function onTurnTaken(work: Work): void {
  const { hangUp: pending } = work.session;
  if (pending?.onBargeIn === 'resume' && isBeingSaid(work.session)) resume(work, pending);
}

/** Resumes the call when the failed request is answered after all. */
function onCreatedLate(work: Work, { request }: Facts['created-late']): void {
  const { hangUp: pending } = work.session;
  if (pending?.root !== rootOf(request) || !bringsAnswer(request)) return;
  if (isBeingSaid(work.session)) resume(work, pending);
}

/** Takes the farewell back, so that the call goes on. */
function resume(work: Work, { request, detection }: HangUp): void {
  const { session } = work;
  session.hangUp = null;
  if (detection) post(work, 'quiet-over', { detection });
  post(work, 'hangup-resumed');
  tell(work, { kind: 'resumed' });
  if (request === null) return;
  post(work, 'request-cancelled', { request });
  // Where the server does not interrupt, the part already sent would otherwise still be heard.
  if (!serverInterrupts(session) || !serverHears(session)) post(work, 'silence-wanted');
}

// The end --------------------------------------------------------------------------------------------------------------

/** Acts once, although a deadline and an unsent request may both report it in the same step. */
function onFarewellOver(work: Work, { how }: Facts['farewell-over']): void {
  const { session } = work;
  if (session.hangUp?.isOver !== false) return;
  session.hangUp.isOver = true;
  const ending = { kind: 'hung-up', farewell: how } as const;
  if (session.rules.endsCall === 'no') return close(work, ending);
  post(work, 'ends-as', { ending });
  endLeg(work, session.hangUp.why);
}

function endLeg(work: Work, why: HangUpReason): void {
  if (work.session.is.leg !== 'standing') return;
  post(work, 'leg-ending');
  command(work, { do: 'end-call', why });
}

/** Notes that the carrier's leg has ended, or could not be ended. */
export function legEnded(work: Work, threw: Thrown | null): void {
  const { session } = work;
  post(work, 'leg-ended');
  if (threw) {
    fault(work, `The call could not be ended: ${threw.words}`, threw);
    post(work, 'leg-failed', { how: 'failed' });
  }
  if (session.is.hangup === 'ending') finish(work);
}

const finish = (work: Work): void => close(work, null);

/** Handles a hang-up requested after the session ended: only the carrier's leg is left to end. */
function endLegLater(work: Work, { why }: HangUpAsk): void {
  const { session } = work;
  if (session.rules.endsCall === 'yes' && endsAs(session) !== 'caller-hung-up') endLeg(work, why);
}

/** Ends the carrier's leg if the session ends before the farewell is over. */
function onEnd(work: Work): void {
  const { hangUp: pending, rules } = work.session;
  if (pending?.isOver !== false || endsAs(work.session) === 'caller-hung-up') return;
  pending.isOver = true;
  if (rules.endsCall === 'yes') endLeg(work, pending.why);
}

/** With a recovery policy, ends the call when the session is lost or expires, so that nobody stays on a dead line. */
function onGone(work: Work): void {
  const { rules, hangUp: pending } = work.session;
  const kind = endsAs(work.session);
  if (pending) return onEnd(work);
  if (rules.recovery === null || rules.endsCall === 'no' || (kind !== 'lost' && kind !== 'expired')) return;
  if (work.session.is.leg !== 'standing') return;
  fault(work, kind === 'lost' ? LOST : 'The session has expired: the call is hung up.', null, 'network');
  endLeg(work, kind);
}
const LOST = 'The connection was lost: the call is hung up.';

function onTick(work: Work): void {
  const { session } = work;
  const { hangUp: pending, is, now } = session;
  if (!pending) return;
  if (is.hangup === 'ending' && now >= legDueAt(session, pending)) {
    post(work, 'leg-failed', { how: 'unanswered' });
    return finish(work);
  }
  if (!isBeingSaid(session)) return;
  if (now >= pending.deadlineAt) {
    return post(work, 'farewell-over', { how: pending.response === null ? 'failed' : 'cut' });
  }
  if (now < pending.quietBy) return;
  fault(
    work,
    'The server has not confirmed that it will neither answer nor interrupt: the farewell is said all the same.',
  );
  post(work, 'farewell-wanted', { hangUp: pending });
}

/** Gives the carrier's leg a minimum time, even if the farewell has used up the deadline. */
const legDueAt = ({ since }: Session, { deadlineAt }: HangUp): number => Math.max(deadlineAt, since.hangup + LEG_MS);

/** The minimum time for ending the carrier's leg, in milliseconds. */
const LEG_MS = 5_000;

function dueAt(session: Session): number {
  const { hangUp: pending, is } = session;
  if (!pending || is.hangup === 'ended') return Infinity;
  if (is.hangup === 'ending') return legDueAt(session, pending);
  return Math.min(pending.deadlineAt, pending.quietBy);
}

export const hangUpPart: Part = {
  tables: { hangup: hangUpTable, leg: legTable },
  handlers: {
    'hangup-wanted': onWanted,
    hangup: onHangup,
    'farewell-wanted': onFarewellWanted,
    'echo-matches': (work, { update }) => onQuiet(work, update?.id),
    'update-rejected': (work, { update }) => onQuiet(work, update),
    unsent: onUnsent,
    created: onCreated,
    'create-lost': onCreateLost,
    'created-late': onCreatedLate,
    over: onOver,
    heard: onHeard,
    'turn-taken': onTurnTaken,
    'farewell-over': onFarewellOver,
    close: onEnd,
    gone: onGone,
  },
  dueAt,
  onTick,
};
