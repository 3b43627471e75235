import { withoutKeys } from '../secrets.js';
import type { Facts } from './facts.js';
import { isHousekeeping } from './housekeeping.js';
import { isUnadded, onlyUnadded } from './items.js';
import { at, type ServerEvent, textOf } from './read.js';
import { onlyCreateOut, type Request, requestOf } from './request.js';
import type { Session } from './state.js';
import { type Call, callWith } from './tool-state.js';
import { type InFlight, isUpdate, updateOut } from './update.js';
import { post, type Work } from './work.js';

/** An `error` event of the server. */
export interface Refusal {
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  /** The id of our event that it is about; null where the server names none. */
  readonly eventId: string | null;
  /** Text for people; nothing is decided by it. */
  readonly message: string;
}

export const CONFLICT = 'conversation_already_has_active_response';
const NOT_ACTIVE = 'response_cancel_not_active';
const EXPIRED = 'session_expired';

/** Reads an `error`, finds out what it is about, and informs the machine concerned. */
export function readError(work: Work, event: ServerEvent): void {
  const refusal = refusalIn(event);
  const owner = ownerOf(work.session, refusal);
  if (owner === null) return;
  if (typeof owner === 'string') return post(work, owner, { refusal });
  if ('update' in owner) return post(work, 'update-suspected', { ...owner, refusal });
  if ('call' in owner) return post(work, 'output-refused', { ...owner, refusal });
  const isConflict = refusal.code === CONFLICT && owner.request.lane === 'default';
  post(work, isConflict ? 'conflict' : 'refused', { ...owner, refusal });
}

/** What an error is about: something of ours, or only a fact to post. Null: nothing that matters. */
type Owner =
  | { readonly request: Request }
  | { readonly update: InFlight }
  | { readonly call: Call }
  | Extract<keyof Facts, 'update-refused' | 'item-refused' | 'expired' | 'complained'>
  | null;

const ownerOf = (session: Session, refusal: Refusal): Owner =>
  refusal.eventId === null ? ownerOfUnnamed(session, refusal) : ownerOfNamed(session, refusal.eventId);

function ownerOfNamed(session: Session, eventId: string): Owner {
  const request = requestOf(session, eventId);
  if (request) return { request };
  if (isUpdate(session, eventId)) return 'update-refused';
  const call = callWith(session, eventId);
  if (call) return { call };
  if (isUnadded(session, eventId)) return 'item-refused';
  return isHousekeeping(session, eventId) ? null : 'complained';
}

/**
 * Assigns an error without an id by its code or `param`, or else to the one thing that the server could have refused.
 */
function ownerOfUnnamed(session: Session, refusal: Refusal): Owner {
  const { code, type } = refusal;
  if (code === NOT_ACTIVE) return null;
  if (code === EXPIRED) return 'expired';
  if (type === 'server_error' || code === 'server_error') return 'complained';
  const subject = subjectOf(refusal);
  const isUpdates = subject === 'session' || (subject === null && type === INVALID);
  const update = isUpdates ? updateOut(session) : null;
  if (update) return { update };
  const item = subject === 'item' ? onlyUnadded(session) : undefined;
  if (item?.eventId) return ownerOfNamed(session, item.eventId);
  const isCreates = subject === 'response' || (subject === null && type === INVALID);
  const request = isCreates ? onlyCreateOut(session, code === CONFLICT ? 'default' : 'any') : undefined;
  return request ? { request } : 'complained';
}

const INVALID = 'invalid_request_error';

type Subject = 'session' | 'response' | 'item' | 'audio';

/** Finds the subject of an error by the path in `param`, or else by its code. */
const subjectOf = ({ param, code }: Refusal): Subject | null => subjectIn(param) ?? subjectIn(code);

/** Whether it can be about nothing but an item, where only items and updates were sent. */
export const isOfItem = (refusal: Refusal): boolean =>
  subjectOf(refusal) === 'item' || refusal.code === 'invalid_tool_call_id';

function subjectIn(text: string | null): Subject | null {
  for (const [pattern, subject] of SUBJECTS) if (text !== null && pattern.test(text)) return subject;
  return null;
}
const SUBJECTS: readonly (readonly [RegExp, Subject])[] = [
  [/^session\b|^session_/, 'session'],
  [/^response\b|^response_|^conversation_already_has/, 'response'],
  [/^(conversation\.)?item\b|^item_|^previous_item_id$|^conversation_/, 'item'],
  [/^audio\b|^audio_|^input_audio|^output_audio/, 'audio'],
];

/** The error in a frame. */
export function refusalIn(event: ServerEvent): Refusal {
  const text = (key: string): string | null => textOf(at(event, 'error', key));
  return {
    code: text('code'),
    type: text('type'),
    param: text('param'),
    eventId: text('event_id'),
    message: withoutKeys(text('message') ?? 'The server gave no reason.'),
  };
}
