import { forgetOldest } from '../bounded.js';
import { include } from '../collections.js';
import { serverInterrupts } from './automatic-answer.js';
import { TOKEN } from './create.js';
import type { Ended } from './effects.js';
import type { FactName, Facts } from './facts.js';
import { holderIn } from './hints.js';
import { outcomeOf, partsIn } from './outcome.js';
import type { Part } from './part.js';
import { at, isRecord, type Json, type ServerEvent, textOf } from './read.js';
import { type Request, requestWith } from './request.js';
import {
  cancelResponse,
  cancelResponses,
  cancelSlot,
  entryOf,
  openResponse,
  type OpenResponse,
  openResponses,
  REMEMBERED,
  responseLife,
  slotIsHeld,
} from './response.js';
import { lostWords } from './settlement.js';
import type { Session } from './state.js';
import { advance } from './table.js';
import { audioMsOf } from './track.js';
import { serverHears } from './user-turn.js';
import { fault, post, tell, type Work } from './work.js';

// What the server says -------------------------------------------------------------------------------------------------

/** Reads a `response.created`: ours if it carries a token, otherwise the server's own. */
export function created(work: Work, event: ServerEvent): void {
  const found = responseIn(work, event);
  const entry = found && entryOf(work, found.id);
  if (!entry || entry.told) return;
  adopt(work, entry, found.response);
  if (entry.lane === 'default') {
    takeSlot(work.session, entry);
    if (!entry.request) post(work, 'answer-created', { response: entry });
  }
  if (entry.request && isOvertaken(work.session, entry.request)) {
    entry.overtaken = true;
    cancelResponse(work, entry);
  }
}

/** Identifies a response and its lane by its own metadata: in `created`, or in `done` where `created` never came. */
function adopt(work: Work, entry: OpenResponse, response: Json): void {
  const token = textOf(at(response, 'metadata', TOKEN));
  const request = token === null ? undefined : requestWith(work.session, token);
  const outOfBand = request ? request.lane === 'out-of-band' : response['conversation_id'] === null;
  entry.told = true;
  entry.tools = work.session.tools.inForce;
  if (outOfBand) leaveConversation(work, entry);
  if (request && token !== null) {
    entry.request = request;
    entry.purpose = request.purpose;
    const stands = request.state !== 'over';
    if (stands) entry.answers = [request.id, ...request.merged];
    if (stands) post(work, 'created', { request, response: entry, token });
    else post(work, 'created-late', { request, response: entry, token });
  }
  const { id, purpose, answers: requests } = entry;
  tell(work, { kind: 'created', response: id, purpose, request: entry.request?.id ?? null, requests });
}

/** Moves a response out of band, and frees the slot if it seemed to hold it. */
function leaveConversation(work: Work, entry: OpenResponse): void {
  const heldSlot = slotIsHeld(work.session);
  entry.lane = 'out-of-band';
  if (heldSlot && !slotIsHeld(work.session)) post(work, 'slot-freed');
}

/** Gives a response the slot. One named or superseded before returns beside the current holder. */
function takeSlot({ responses }: Session, entry: OpenResponse): void {
  if (entry.named || entry.state === 'superseded') return void advance(entry, responseLife, 'reclaimed');
  for (const other of responses.open.values()) {
    if (other !== entry && other.lane === 'default') advance(other, responseLife, 'superseded');
  }
}

/**
 * The user began to speak after the request and before the response existed, so the server will not cut it. (A create
 * is not written while the user speaks, unless it overrides that guard.)
 */
const isOvertaken = (session: Session, request: Request): boolean =>
  request.audible && serverHears(session) && serverInterrupts(session) && !request.override.includes('user-speaking');

/**
 * Reads a `response.output_item.added`: on the first item, waiting requests that this response answers merge into it.
 */
export function firstItem(work: Work, event: ServerEvent): void {
  alive(work, event);
  const entry = openResponse(work.session, event['response_id']);
  if (!entry) return;
  entry.begun = true;
  post(work, 'answer-begun', { response: entry });
}

/** Reads a `response.content_part.added`: an audio part means sound where the server plays it. */
export function partAdded(work: Work, event: ServerEvent): void {
  alive(work, event);
  const entry = openResponse(work.session, event['response_id']);
  if (entry && at(event, 'part', 'type') === 'audio') entry.audioPart = true;
}

/** Reads a `response.done`, whether or not its `created` was ever read. */
export function done(work: Work, event: ServerEvent): void {
  const found = responseIn(work, event);
  const entry = found && entryOf(work, found.id);
  if (!entry) return;
  if (!entry.told) adopt(work, entry, found.response);
  noteSpoken(entry, found.response);
  const audioMs = audioMsOf(work.session, entry);
  end(work, entry, 'ended', outcomeOf(found.response, { overtaken: entry.overtaken ? 'yes' : 'no', audioMs }));
}

/** What a response has said may have come while the control line was away: only its end tells of it. */
function noteSpoken(entry: OpenResponse, response: Json): void {
  const spoken = partsIn(response).filter((part) => at(part, 'type') === 'output_audio');
  const chars = spoken.reduce<number>((sum, part) => sum + (textOf(at(part, 'transcript')) ?? '').length, 0);
  entry.audioPart ||= chars > 0;
  entry.chars = Math.max(entry.chars, chars);
}

/** Reads any other frame of a response, which shows that it exists even if its `created` was never read. */
export function alive(work: Work, event: ServerEvent): void {
  const id = textOf(event['response_id']);
  if (id !== null && event.type.startsWith('response.')) entryOf(work, id);
}

function responseIn(work: Work, event: ServerEvent): { id: string; response: Json } | null {
  const response = event['response'];
  const id = textOf(at(response, 'id'));
  if (isRecord(response) && id !== null) return { id, response };
  fault(work, `The server sent a ${event.type} without a response id.`);
  return null;
}

/** Handles a conflict: the slot is held by the response that the message names, or by an unknown one. */
function onConflict(work: Work, { refusal }: Facts['conflict']): void {
  const id = holderIn(refusal.message);
  if (id === null) return post(work, 'conflict-unnamed');
  const holder = entryOf(work, id);
  if (!holder) return;
  holder.named ||= !holder.told;
  advance(holder, responseLife, 'named');
}

// The end --------------------------------------------------------------------------------------------------------------

function end(work: Work, entry: OpenResponse, fact: FactName, outcome: Ended): void {
  const { responses } = work.session;
  const heldSlot = slotIsHeld(work.session);
  advance(entry, responseLife, fact);
  responses.open.delete(entry.id);
  responses.ended = include(responses.ended, entry.id);
  forgetOldest(responses.ended, REMEMBERED);
  if (heldSlot && !slotIsHeld(work.session)) post(work, 'slot-freed');
  post(work, 'over', { response: entry, outcome });
}

/** Reports the end last, because the list of requests that it answers may grow while others handle it. */
function onOver(work: Work, { response, outcome }: Facts['over']): void {
  const { id, lane, answers: requests, startedAt } = response;
  const firstAudioAt = response.firstAudioAt ?? startedAt;
  tell(work, { kind: 'ended', response: id, lane, requests, outcome, firstAudioAt });
}

function onLost(work: Work, { code, reason }: Facts['gone'], is: 'gone' | 'dropped'): void {
  const outcome = { status: 'lost', whose: 'network', message: lostWords(code, reason) } as const;
  for (const entry of openResponses(work.session)) end(work, entry, is, outcome);
  work.session.responses.ended.clear();
}

function onTick(work: Work): void {
  for (const entry of openResponses(work.session)) {
    if (work.session.now < overdueAt(work.session, entry)) continue;
    const message = `The server never ended the response ${entry.id}.`;
    fault(work, message);
    end(work, entry, 'response-overdue', { status: 'lost', whose: 'server', message });
  }
}

const overdueAt = ({ rules }: Session, { lastAt }: OpenResponse): number => lastAt + rules.limits.responseMs;

function dueAt(session: Session): number {
  let due = Infinity;
  for (const entry of session.responses.open.values()) due = Math.min(due, overdueAt(session, entry));
  return due;
}

export const responses: Part = {
  tables: {},
  handlers: {
    conflict: onConflict,
    over: onOver,
    dropped: onLost,
    gone: onLost,
    'response-cancelled': (work, { id }) => cancelResponses(work, (each) => each.id === id),
    'request-cancelled': (work, { request }) => cancelResponses(work, ({ answers }) => answers.includes(request)),
    'response-unwanted': (work, { response }) => cancelResponse(work, response),
    'slot-wanted': cancelSlot,
    interrupted: cancelSlot,
  },
  dueAt,
  onTick,
};
