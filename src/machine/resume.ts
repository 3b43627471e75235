import { serverAnswers } from './automatic-answer.js';
import { isAway } from './connection.js';
import type { Entry } from './conversation.js';
import type { Facts } from './facts.js';
import { hangUpIsPending } from './hang-up.js';
import type { Part } from './part.js';
import { askOwn, type Request, rootOf, waiting } from './request.js';
import type { OpenResponse } from './response.js';
import { lastSpeaker } from './retelling.js';
import { isSideband } from './sideband.js';
import type { Session } from './state.js';
import { hasCalled, runningCalls } from './tool-state.js';
import { madeSound } from './track.js';
import type { Work } from './work.js';

/**
 * What a lost line has broken off, as far as the plan wants it resumed: at most one request, once another line has taken
 * over.
 */
export interface BrokenOff {
  /** The request that has brought nothing; null: what was begun lacks its end. */
  readonly request: Pick<Request, 'params' | 'depth' | 'root' | 'id'> | null;
}

/** A call goes on at the server while its control line is away. */
const isWanted = (session: Session): boolean =>
  !isSideband(session) && session.rules.reconnect !== null && session.rules.recovery?.lost === 'resume';

/** A request that has brought nothing counts for more than a sentence without its end. */
function note({ session }: Work, request: BrokenOff['request']): void {
  if (isWanted(session) && isAway(session) && !session.brokenOff?.request) session.brokenOff = { request };
}

const forget = ({ session }: Work): void => void (session.brokenOff = null);

function onCreateLost(work: Work, { request }: Facts['create-lost']): void {
  if (request.lane === 'default' && request.origin !== 'farewell' && !request.cancelWished) note(work, request);
}

function onOver(work: Work, { response, outcome }: Facts['over']): void {
  const { session } = work;
  if (outcome.status !== 'lost' || !isOfCall(response)) return;
  if (hasCalled(session, response.id)) return;
  const said = session.conversation.entries.filter((entry) => entry.response === response.id && entry.call === null);
  if (madeSound(session, response) || said.some(isWritten)) {
    if (said.some(lacksEnd)) note(work, null);
  } else if (response.request) note(work, response.request);
  else note(work, null);
}

/** It is part of the conversation, and nobody has called it off. */
const isOfCall = ({ lane, cancelSent, request }: OpenResponse): boolean =>
  lane === 'default' && !cancelSent && request?.origin !== 'farewell' && request?.cancelWished !== true;
const isWritten = ({ medium, text }: Entry): boolean => medium === 'written' && text !== '';
const lacksEnd = ({ extent, cut }: Entry): boolean => extent === 'begun' && cut === null;

/** Nothing is asked for where something else will be said: what waits, the follow-up of a tool, a farewell. */
function onTakenOver(work: Work): void {
  const { session } = work;
  const { brokenOff } = session;
  forget(work);
  const comes = waiting(session).some(({ lane }) => lane === 'default') || runningCalls(session).length > 0;
  if (!isWanted(session) || comes || hangUpIsPending(session)) return;
  if (brokenOff?.request) return ask(work, brokenOff.request);
  if (brokenOff || (serverAnswers(session) && lastSpeaker(session) === 'the caller')) ask(work, null);
}

/** What follows on from the conversation may be answered by the server's own answer as well. */
function ask(work: Work, request: BrokenOff['request']): void {
  const params = request?.params ?? null;
  askOwn(work, {
    purpose: 'lost-resume',
    params,
    origin: 'resume',
    whenBlocked: 'hold-this-turn',
    depth: request?.depth ?? 0,
    root: request && rootOf(request),
    unseenBefore: params === null ? work.session.steps : 0,
  });
}

export const resume: Part = {
  tables: {},
  handlers: {
    'create-lost': onCreateLost,
    over: onOver,
    'round-lost': (work) => note(work, null),
    'turn-taken': forget,
    interrupted: forget,
    hangup: forget,
    'request-cancelled': (work, { request }) => {
      const broken = work.session.brokenOff?.request;
      if (broken && rootOf(broken) === request) forget(work);
    },
    'taken-over': onTakenOver,
    close: forget,
    gone: forget,
  },
};
