import type { HangUpReason } from '../../types/index.js';
import type { Thrown } from './asking.js';
import { answerIsImminent, serverAnswers, serverInterrupts } from './automatic-answer.js';
import { close, endsAs, isOpen } from './connection.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import type { Json } from './read.js';
import { askOwn, bringsAnswer, rootOf } from './request.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { QUIET } from './update.js';
import { serverHears, userSpeaks } from './user-turn.js';
import { command, fault, post, tell, type Work } from './work.js';

/**
 * The hang-up: the farewell is heard to its end, the carrier's leg is ended, the session is closed. `quieting`: the
 * server is first told to answer and to interrupt no more. `saying`: the farewell is asked for, said, or being heard.
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

/** A hang-up as it is asked for. */
export interface HangUpAsk {
  readonly purpose: string;
  /** The parameters of the farewell; null: none. */
  readonly farewell: Json | null;
  readonly onBargeIn: 'resume' | 'hang-up';
  readonly deadlineMs: number;
  /** `failure`: recovery ends the call. `budget`: there is no money left for it. */
  readonly why: 'asked' | 'failure' | 'budget';
  /** The request whose failure it is the answer to: should that be answered late, the call goes on. */
  readonly root: number | null;
}

export interface HangUp extends HangUpAsk {
  readonly deadlineAt: number;
  /** The turn detection that was changed for it; null: none was. */
  detection: Json | null;
  /** When the farewell is asked for though the server has not confirmed that it will be quiet; Infinity once it is. */
  quietBy: number;
  /** The request for the farewell, and the response that carries it. */
  request: number | null;
  response: string | null;
  /** The farewell is over, or there will be none. */
  isOver: boolean;
}

/** The server has been told to be quiet until the end: nothing is to change that. */
export const keepsQuiet = ({ hangUp }: Session): boolean => hangUp !== null && hangUp.onBargeIn === 'hang-up';
/** Not by its table, which moves a fact later: what is heard in the same step must know that it was taken back. */
export const hangUpIsPending = ({ hangUp }: Session): boolean => hangUp !== null;
const isBeingSaid = ({ is }: Session): boolean => is.hangup === 'quieting' || is.hangup === 'saying';
const isFarewell = ({ hangUp }: Session, request: number): boolean => hangUp !== null && hangUp.request === request;

/** Begins a hang-up. Where one is pending, that one goes on. Where the user has the floor, the call goes on. */
function onWanted(work: Work, { asked }: Facts['hangup-wanted']): void {
  const { session } = work;
  if (!isOpen(session)) return endLegLater(work, asked);
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
  // There is nothing left for a tool to do, unless the farewell says so itself.
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
  post(work, 'farewell-over', { how: status === 'cancelled' ? 'cut' : 'failed' });
}

/**
 * Ends the farewell as it was heard: without a sound it failed, broken off by the server it was cut. Where its response
 * ended otherwise, that has been said before.
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

/** The answer whose failure the hang-up was for has come after all. */
function onCreatedLate(work: Work, { request }: Facts['created-late']): void {
  const { hangUp: pending } = work.session;
  if (pending?.root !== rootOf(request) || !bringsAnswer(request)) return;
  if (isBeingSaid(work.session)) resume(work, pending);
}

/** Takes the farewell back: the call goes on. */
function resume(work: Work, { request, detection }: HangUp): void {
  const { session } = work;
  session.hangUp = null;
  if (detection) post(work, 'quiet-over', { detection });
  post(work, 'hangup-resumed');
  tell(work, { kind: 'resumed' });
  if (request === null) return;
  post(work, 'request-cancelled', { request });
  // Where the server does not interrupt, what it has said already would still be heard.
  if (!serverInterrupts(session) || !serverHears(session)) post(work, 'silence-wanted');
}

// The end --------------------------------------------------------------------------------------------------------------

/** Once: a deadline, and a request that comes to nothing, may say it in the same step. */
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

/** The carrier's leg has been ended, or could not be. */
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

/** A hang-up that is asked for once the session has ended: all that is left of the call is the carrier's leg. */
function endLegLater(work: Work, { why }: HangUpAsk): void {
  const { session } = work;
  if (session.rules.endsCall === 'yes' && endsAs(session) !== 'caller-hung-up') endLeg(work, why);
}

/** The session ends before the farewell is over: the carrier's leg is ended all the same. */
function onEnd(work: Work): void {
  const { hangUp: pending, rules } = work.session;
  if (pending?.isOver !== false || endsAs(work.session) === 'caller-hung-up') return;
  pending.isOver = true;
  if (rules.endsCall === 'yes') endLeg(work, pending.why);
}

/** With a recovery, nobody is left on a dead line: a session that is lost or has expired has its call ended. */
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

function elapse(work: Work): void {
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

/** The carrier's leg has a moment of its own, also where the farewell has used up the deadline. */
const legDueAt = ({ since }: Session, { deadlineAt }: HangUp): number => Math.max(deadlineAt, since.hangup + LEG_MS);

/** The least time that the carrier has to end its leg. Milliseconds. */
const LEG_MS = 5_000;

function dueAt(session: Session): number {
  const { hangUp: pending, is } = session;
  if (!pending || is.hangup === 'ended') return Infinity;
  if (is.hangup === 'ending') return legDueAt(session, pending);
  return Math.min(pending.deadlineAt, pending.quietBy);
}

export const hangUpPart: Part = {
  tables: { hangup: hangUpTable, leg: legTable },
  heeds: {
    'hangup-wanted': onWanted,
    hangup: onHangup,
    'farewell-wanted': onFarewellWanted,
    'echo-matches': (work, { update }) => onQuiet(work, update?.id),
    'update-rejected': (work, { update }) => onQuiet(work, update),
    unsent: onUnsent,
    created: onCreated,
    'created-late': onCreatedLate,
    over: onOver,
    heard: onHeard,
    'turn-taken': onTurnTaken,
    'farewell-over': onFarewellOver,
    close: onEnd,
    gone: onGone,
  },
  dueAt,
  elapse,
};
