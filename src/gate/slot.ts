import { withoutKeys } from '../secrets.js';
import { refuseUpdate } from './confirmation.js';
import { TOKEN } from './create.js';
import { noteRefused } from './marks.js';
import { outcomeOf } from './outcome.js';
import { at, isRecord, textOf, type Json } from './read.js';
import { comeToNothing, merge, putBack, waiting } from './requests.js';
import { cancelResponse, endResponse, entryOf, leaveConversation, supersedeOthers } from './responses.js';
import type { Gate, OpenResponse, Request, ServerEvent } from './state.js';
import { requestLife, responseLife } from './table.js';
import { fault, live, move, tell, type Work } from './work.js';

const CONFLICT = 'conversation_already_has_active_response';
/** Errors with these codes concern other events than `session.update`. */
const elsewhere = /^(item_|input_audio_|response_|conversation_|session_expired$)/;

/** A `response.created`: of ours, known by its token, or the server's own. */
export function created(work: Work, event: ServerEvent): void {
  const { gate } = work;
  const found = responseIn(work, event);
  const entry = found && entryOf(work, found.id);
  if (!entry || entry.told) return;
  const request = adopt(work, entry, found.response);
  if (entry.lane === 'default') {
    supersedeOthers(gate, entry);
    if (!request) answerByItself(gate, entry);
  }
  if (!request) return;
  if (isOvertaken(gate, request)) entry.overtaken = true;
  if (entry.overtaken || request.cancelWished) cancelResponse(work, entry);
}

/** Whose it is, and in which lane: by its own metadata, read in `created` or, where that never came, in `done`. */
function adopt(work: Work, entry: OpenResponse, response: Json): Request | undefined {
  const { gate } = work;
  const token = textOf(at(response, 'metadata', TOKEN));
  const request = token === null ? undefined : (requestWith(gate, token) ?? gate.late.get(token));
  const outOfBand = request ? request.lane === 'out-of-band' : response['conversation_id'] === null;
  entry.told = true;
  if (outOfBand) leaveConversation(gate, entry);
  if (request) carry(gate, entry, request);
  tell(work, { kind: 'created', response: entry.id, purpose: entry.purpose, requests: entry.answers });
  return request;
}

/** From here its response carries the request. One that was given up has nobody waiting any more. */
function carry(gate: Gate, entry: OpenResponse, request: Request): void {
  entry.purpose = request.purpose;
  gate.late.delete(request.token);
  if (request.lane === 'default' && request.origin !== 'follow-up') gate.responsesInARow++;
  if (live(request, requestLife, 'created') === 'unmoved') return;
  gate.requests.delete(request.id);
  entry.answers = [request.id, ...request.merged];
}

/** The user began to speak after it was asked for and before it existed: the server will not cut it. */
const isOvertaken = (gate: Gate, request: Request): boolean =>
  request.audible &&
  gate.turn === 'speaking' &&
  gate.speechStep > request.writtenStep &&
  gate.detection.interrupts &&
  !request.override.includes('user-speaking');

/** The server's own answer. It has seen what had been added when its trigger was read. */
function answerByItself(gate: Gate, entry: OpenResponse): void {
  move(gate, 'answer-created');
  entry.automatic = { step: gate.steps, seen: gate.trigger ?? 0 };
  gate.trigger = null;
}

/** A `response.output_item.added`: what this response answers by the way, merges into it. */
export function firstItem(work: Work, event: ServerEvent): void {
  alive(work, event);
  const entry = work.gate.responses.get(textOf(event['response_id']) ?? '');
  if (!entry) return;
  entry.begun = true;
  answerWaiting(work, entry);
}

/** Continuations that wait, were asked before it was created, and follow nothing that it has not seen. */
function answerWaiting(work: Work, entry: OpenResponse): void {
  const { gate } = work;
  const { automatic } = entry;
  if (!automatic || !entry.begun) return;
  for (const request of waiting(gate)) {
    const seen = request.continues > 0 && request.continues <= automatic.seen;
    if (!seen || request.askedStep > automatic.step) continue;
    entry.answers = [...entry.answers, request.id, ...request.merged];
    merge(work, request, { response: entry.id });
  }
}

/** A `response.done`, whether or not its `created` was ever read. */
export function done(work: Work, event: ServerEvent): void {
  const found = responseIn(work, event);
  const entry = found && entryOf(work, found.id);
  if (!entry) return;
  if (!entry.told) adopt(work, entry, found.response);
  endResponse(work, entry, 'ended', outcomeOf(found.response, entry.overtaken ? 'overtaken' : 'not overtaken'));
}

/** Any other frame of a response: it lives, even if its `created` was never read. */
export function alive(work: Work, event: ServerEvent): void {
  const id = textOf(event['response_id']);
  if (id !== null && event.type.startsWith('response.')) entryOf(work, id);
}

/** An `error`: of a create, of an update, of an item, or of nothing that the gate follows. */
export function refused(work: Work, event: ServerEvent): void {
  const { gate } = work;
  const code = textOf(at(event, 'error', 'code'));
  const eventId = textOf(at(event, 'error', 'event_id'));
  const message = withoutKeys(textOf(at(event, 'error', 'message')) ?? 'The server gave no reason.');
  const request = refusedRequest(gate, code, eventId);
  if (request) {
    if (code === CONFLICT && request.lane === 'default') return conflict(work, request, message);
    return comeToNothing(work, request, 'rejected', message, 'refused');
  }
  if (eventId !== null) noteRefused(gate, eventId);
  else if (elsewhere.test(code ?? '')) return;
  refuseUpdate(work, eventId, { kind: 'rejected', code, param: textOf(at(event, 'error', 'param')), message });
}

function refusedRequest(gate: Gate, code: string | null, eventId: string | null): Request | undefined {
  if (eventId === null && code !== CONFLICT) return undefined;
  return [...gate.requests.values()].find(
    (request) =>
      request.state === 'sent' && (eventId === null ? request.lane === 'default' : request.eventId === eventId),
  );
}

/** The slot was taken before our create arrived. The id in the message is a hint, and the only prose that is read. */
function conflict(work: Work, request: Request, message: string): void {
  const { gate } = work;
  const [named] = /\bresp_\w+/.exec(message) ?? [];
  if (named === undefined) move(gate, 'conflict-unnamed');
  else {
    const holder = entryOf(work, named);
    if (holder) live(holder, responseLife, 'named');
  }
  putBack(work, request);
  for (const response of gate.responses.values()) answerWaiting(work, response);
}

function responseIn(work: Work, event: ServerEvent): { id: string; response: Json } | null {
  const response = event['response'];
  const id = textOf(at(response, 'id'));
  if (isRecord(response) && id !== null) return { id, response };
  fault(work, `The server sent a ${event.type} without a response id.`);
  return null;
}

const requestWith = (gate: Gate, token: string): Request | undefined =>
  [...gate.requests.values()].find((request) => request.state === 'sent' && request.token === token);
