import { forgetOldest } from '../bounded.js';
import { serverInterrupts } from './automatic-answer.js';
import { TOKEN } from './create.js';
import type { Lane, Outcome } from './effects.js';
import type { Facts, FactName } from './facts.js';
import { holderIn } from './hints.js';
import { outcomeOf } from './outcome.js';
import type { Part } from './part.js';
import { audioMsOf } from './playback.js';
import { at, isRecord, textOf, type Json, type ServerEvent } from './read.js';
import { answerWaiting, lostWords, requestWith, type Request } from './requests.js';
import type { Session } from './state.js';
import { advance, table, type StateOf } from './table.js';
import { hostedItemAdded } from './hosted-calls.js';
import type { ToolSet } from './tool-state.js';
import { serverHears, speechBeganAfter } from './user-turn.js';
import { fault, makeId, post, send, tell, type Work } from './work.js';

/** The life of one response, by its id. Only `open` holds the slot. */
export const responseLife = table<'open' | 'superseded' | 'ended'>('response', {
  open: { superseded: 'superseded', ended: 'ended', 'response-overdue': 'ended', gone: 'ended' },
  superseded: { named: 'open', reclaimed: 'open', ended: 'ended', 'response-overdue': 'ended', gone: 'ended' },
  ended: {},
});

export interface OpenResponse {
  readonly id: string;
  state: StateOf<typeof responseLife>;
  lane: Lane;
  purpose: string | null;
  /** How it was asked for; null: the server made it by itself. */
  request: Request | null;
  /** The requests that it answers: ours first, then what was merged into it. */
  answers: number[];
  /** Its `created` has been told; until then it is known by its other frames alone. */
  told: boolean;
  /** A conflict named it before its `created` was read. */
  named: boolean;
  /** Of the server's own answer: when it was told of and triggered, and the last item that it has seen. */
  automatic: { readonly step: number; readonly triggeredAt: number; readonly seen: number } | null;
  /** Its first output item has been read. */
  begun: boolean;
  lastAt: number;
  cancelSent: boolean;
  /** We cancelled it because the user had begun to speak before it existed. */
  overtaken: boolean;
  /** The tools that were in force when it was created. */
  tools: ToolSet;
  audioBytes: number;
  /** It has a part that is sound, whoever plays it. */
  audioPart: boolean;
  /** How many characters of transcript it has brought. */
  chars: number;
  /** Where the server plays: what it said of its playing, and when it began. */
  serverSound: 'none' | 'playing' | 'stopped' | 'cleared';
  startedAt: number | null;
}

export interface Responses {
  readonly open: Map<string, OpenResponse>;
  /** Ids that have ended, the latest last: stragglers open nothing. */
  readonly ended: Set<string>;
  /** The `event_id`s of cancels and the like, whose refusal concerns nobody. */
  readonly housekeeping: Set<string>;
}

export const firstResponses = (): Responses => ({ open: new Map(), ended: new Set(), housekeeping: new Set() });

/** A response of the default conversation is open. */
export function slotIsHeld({ responses: { open } }: Session): boolean {
  for (const { state, lane } of open.values()) if (state === 'open' && lane === 'default') return true;
  return false;
}
export const openResponse = ({ responses: { open } }: Session, id: unknown): OpenResponse | undefined =>
  typeof id === 'string' ? open.get(id) : undefined;
export const openResponses = ({ responses: { open } }: Session): readonly OpenResponse[] => [...open.values()];
export const isHousekeeping = ({ responses: { housekeeping } }: Session, eventId: string): boolean =>
  housekeeping.has(eventId);

/** How many ended ids are remembered, and how many responses may be open: a bound, not a tuning. */
const REMEMBERED = 256;

/** The entry of an id; opened if it is new. Null: it has ended, or there are too many. */
function entryOf(work: Work, id: string): OpenResponse | null {
  const { responses, now } = work.session;
  const known = responses.open.get(id);
  if (known) {
    known.lastAt = now;
    return known;
  }
  if (responses.ended.has(id)) return null;
  if (responses.open.size >= REMEMBERED) {
    fault(work, `More than ${REMEMBERED} responses are open: '${id}' is not followed.`);
    return null;
  }
  const entry: OpenResponse = {
    id,
    state: responseLife.first,
    lane: 'default',
    purpose: null,
    request: null,
    answers: [],
    told: false,
    named: false,
    automatic: null,
    begun: false,
    lastAt: now,
    cancelSent: false,
    overtaken: false,
    tools: work.session.tools.inForce,
    audioBytes: 0,
    audioPart: false,
    chars: 0,
    serverSound: 'none',
    startedAt: null,
  };
  responses.open.set(id, entry);
  return entry;
}

// What the server says -------------------------------------------------------------------------------------------------

/** Reads a `response.created`: of ours, known by its token, or the server's own. */
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

/** Finds out whose it is, and in which lane, by its own metadata: in `created`, or in `done` where that never came. */
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
    else post(work, 'created-late', { request, response: entry });
  }
  tell(work, { kind: 'created', response: entry.id, purpose: entry.purpose, requests: entry.answers });
}

/** It turns out to be out of band: if it seemed to hold the slot, it does so no more. */
function leaveConversation(work: Work, entry: OpenResponse): void {
  const heldSlot = slotIsHeld(work.session);
  entry.lane = 'out-of-band';
  if (heldSlot && !slotIsHeld(work.session)) post(work, 'slot-freed');
}

/** Whatever held the slot before holds it no more; but one that was named or superseded only takes its own place. */
function takeSlot({ responses }: Session, entry: OpenResponse): void {
  if (entry.named || entry.state === 'superseded') return void advance(entry, responseLife, 'reclaimed');
  for (const other of responses.open.values()) {
    if (other !== entry && other.lane === 'default') advance(other, responseLife, 'superseded');
  }
}

/** The user began to speak after it was asked for and before it existed: the server will not cut it. */
const isOvertaken = (session: Session, request: Request): boolean =>
  request.audible &&
  serverHears(session) &&
  speechBeganAfter(session, request.writtenStep) &&
  serverInterrupts(session) &&
  !request.override.includes('user-speaking');

/** Reads a `response.output_item.added`: what this response answers by the way merges into it. */
export function firstItem(work: Work, event: ServerEvent): void {
  alive(work, event);
  const entry = work.session.responses.open.get(textOf(event['response_id']) ?? '');
  if (!entry) return;
  entry.begun = true;
  hostedItemAdded(work, event);
  answerWaiting(work, entry);
}

/** Reads a `response.content_part.added`: sound, where the server plays it. */
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
  const audioMs = audioMsOf(work.session, entry);
  end(work, entry, 'ended', outcomeOf(found.response, { overtaken: entry.overtaken ? 'yes' : 'no', audioMs }));
}

/** Reads any other frame of a response: it lives, even if its `created` was never read. */
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

/** A conflict: the slot is taken, by the response that its message names or by one that nobody knows. */
function onConflict(work: Work, { refusal }: Facts['conflict']): void {
  const id = holderIn(refusal.message);
  if (id === null) return post(work, 'conflict-unnamed');
  const holder = entryOf(work, id);
  if (!holder) return;
  holder.named ||= !holder.told;
  advance(holder, responseLife, 'named');
}

// The end --------------------------------------------------------------------------------------------------------------

function end(work: Work, entry: OpenResponse, fact: FactName, outcome: Outcome): void {
  const { responses } = work.session;
  const heldSlot = slotIsHeld(work.session);
  advance(entry, responseLife, fact);
  responses.open.delete(entry.id);
  responses.ended.add(entry.id);
  forgetOldest(responses.ended, REMEMBERED);
  if (heldSlot && !slotIsHeld(work.session)) post(work, 'slot-freed');
  post(work, 'over', { response: entry, outcome });
}

/** Told last: what it answers may still grow while the others hear of its end. */
function onOver(work: Work, { response, outcome }: Facts['over']): void {
  const { id, lane, answers: requests } = response;
  tell(work, { kind: 'ended', response: id, lane, requests, outcome });
}

function onGone(work: Work, { code, reason }: Facts['gone']): void {
  const outcome = { status: 'lost', whose: 'network', message: lostWords(code, reason) } as const;
  for (const entry of openResponses(work.session)) end(work, entry, 'gone', outcome);
  work.session.responses.ended.clear();
}

function elapse(work: Work): void {
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

// Cancelling -----------------------------------------------------------------------------------------------------------

/** Cancels a response by its id, once. */
export function cancelResponse(work: Work, entry: OpenResponse): void {
  if (entry.cancelSent || entry.state === 'ended') return;
  entry.cancelSent = true;
  sendHousekeeping(work, { type: 'response.cancel', response_id: entry.id });
}

/** Sends a frame whose refusal concerns nobody: what it was to end had ended already. */
export function sendHousekeeping(
  work: Work,
  frame: { readonly type: string; readonly [field: string]: unknown },
): void {
  const eventId = makeId(work.session);
  noteHousekeeping(work.session, eventId);
  send(work, { ...frame, event_id: eventId });
}

export function noteHousekeeping({ responses: { housekeeping } }: Session, eventId: string): void {
  housekeeping.add(eventId);
  forgetOldest(housekeeping, REMEMBERED);
}

/** `handle.cancel()` of a response. */
export function cancelResponses(work: Work, isMeant: (entry: OpenResponse) => boolean): void {
  for (const entry of openResponses(work.session)) if (isMeant(entry)) cancelResponse(work, entry);
}

/** Cancels what holds the slot, where its id is known. */
export const cancelSlot = (work: Work): void =>
  cancelResponses(work, ({ state, lane }) => state === 'open' && lane === 'default');

export const responses: Part = {
  tables: {},
  heeds: { conflict: onConflict, over: onOver, gone: onGone },
  dueAt,
  elapse,
};
