import { acknowledge } from './schedule.js';
import type { Asked } from './checks.js';
import { itemRules, messageRules } from './client-events.js';
import type { Culprit } from './errors.js';
import { complain, refuse } from './errors.js';
import { newEvent } from './events.js';
import { newCallId, newId } from './ids.js';
import { acknowledgeItem, insert } from './place.js';
import type { Complaint } from './schema.js';
import { checkByKind, missing } from './schema.js';
import type { Item, Server, Session } from './state.js';
import { textTokens } from './tokens.js';
import { audioOf } from './tone.js';
import type { ClientFrame, Json, JsonObject } from './wire.js';
import { copy, isArray, isObject, textOr } from './wire.js';

export const itemById = (session: Session, id: Json | undefined): Item | undefined =>
  session.items.find((item) => item.id === id);

/**
 * Handles `conversation.item.create`. An error in the item's form names the event; an error in its place names none.
 * Returns the item if it was accepted.
 */
export function createItem(server: Server, session: Session, event: ClientFrame, culprit: Culprit): Item | null {
  const given = event['item'] ?? null;
  const malformed = checkItem(given, 'item') ?? checkRefused(server, given);
  if (malformed || !isObject(given)) {
    refuse(server, culprit, malformed ?? missing('item'));
    return null;
  }
  const place = event['previous_item_id'];
  const misplaced = checkPlace(session, place) ?? checkId(session, given['id']) ?? checkCall(server, session, given);
  if (misplaced) {
    refuse(server, { ...culprit, eventId: null }, misplaced);
    return null;
  }
  const item = makeItem(textOr(given['id'], newId(server, 'item')), withCallId(server, given));
  insert(session, item, place);
  acknowledgeItem(server, session, item, 'created');
  return item;
}

/** Handles `conversation.item.retrieve`. */
export function retrieveItem(server: Server, session: Session, event: ClientFrame, culprit: Culprit): void {
  const item = itemById(session, event['item_id']);
  if (!item) {
    const message = `Error retrieving item: the item with id '${textOr(event['item_id'], '')}' does not exist.`;
    refuse(server, culprit, complain('item_retrieve_invalid_item_id', message));
    return;
  }
  const retrieved = newEvent(server, 'conversation.item.retrieved', { item: withAudio(server, session, item) });
  acknowledge(server, server.options.latency.acknowledge, [retrieved]);
}

/** Handles `conversation.item.delete`. */
export function deleteItem(server: Server, session: Session, event: ClientFrame, culprit: Culprit): void {
  const item = itemById(session, event['item_id']);
  if (!item) {
    const message = `Error deleting item: the item with id '${textOr(event['item_id'], '')}' does not exist.`;
    refuse(server, culprit, complain('item_delete_invalid_item_id', message));
    return;
  }
  session.items = session.items.filter((each) => each !== item);
  const deleted = newEvent(server, 'conversation.item.deleted', { item_id: item.id });
  acknowledge(server, server.options.latency.acknowledge, [deleted]);
}

/** Handles `conversation.item.truncate` of a model's audio, also while it is being produced. */
export function truncateItem(server: Server, session: Session, event: ClientFrame, culprit: Culprit): void {
  const id = textOr(event['item_id'], '');
  const item = itemById(session, id);
  const endMs = Number(event['audio_end_ms']);
  if (!item) {
    refuse(server, culprit, complain('item_truncate_invalid_item_id', `Item with item_id not found: ${id}`));
    return;
  }
  if (item.wire['role'] !== 'assistant') {
    const message = 'Only model output audio messages can be truncated.';
    refuse(server, culprit, complain('invalid_value', message, 'item_id'));
    return;
  }
  if (endMs > item.audioMs) {
    const message = `Audio content of ${item.audioMs}ms is already shorter than ${endMs}ms`;
    refuse(server, culprit, complain('invalid_value', message, 'audio_end_ms'));
    return;
  }
  truncateTo(item, endMs);
  const where = { item_id: id, content_index: Number(event['content_index']), audio_end_ms: endMs };
  const truncated = newEvent(server, 'conversation.item.truncated', where);
  acknowledge(server, server.options.latency.acknowledge, [truncated]);
}

/** Cuts an item to what was heard, and removes its transcript. */
export function truncateTo(item: Item, endMs: number): void {
  item.audioMs = endMs;
  item.said = '';
  item.textTokens = 0;
}

export function makeItem(id: string, given: JsonObject): Item {
  const said = saidIn(given);
  return {
    id,
    wire: inWireForm(id, given),
    textTokens: textTokens(said),
    audioMs: 0,
    said,
    announced: false,
  };
}

/** Checks whether `item` could be in a conversation. */
export function checkItem(item: Json, path: string): Complaint | null {
  if (isObject(item) && item['type'] === 'message') return checkByKind(messageRules, item, path, 'role');
  return checkByKind({ message: { is: 'anything' }, ...itemRules }, item, path);
}

/** The first complaint about the items that a response is given instead of the conversation. */
export function checkInput({ given: { input }, standing }: Asked): Complaint | null {
  for (const [index, item] of (isArray(input) ? input : []).entries()) {
    const path = `response.input[${index}]`;
    const complaint = checkItem(item, path);
    if (complaint) return complaint;
    if (isObject(item) && item['type'] === 'item_reference' && !standing.hasItem(item['id'])) {
      const message = `Item reference '${textOr(item['id'], '')}' does not exist.`;
      return complain('invalid_value', message, `${path}.id`);
    }
  }
  return null;
}

/** The complaint about an item of a kind that is refused. */
function checkRefused({ faults: { refusedItems: refused } }: Server, given: Json): Complaint | null {
  if (refused === null || !isObject(given)) return null;
  const { type, role } = given;
  if ((type === 'message' ? role : type) !== refused.kind) return null;
  const complaint = complain('invalid_value', `Items of this kind are refused: '${refused.kind}'.`, 'item.type');
  return refused.error === 'unnamed' ? { ...complaint, culprit: 'unnamed' } : complaint;
}

function checkPlace(session: Session, previousId: Json | undefined): Complaint | null {
  if (typeof previousId !== 'string' || previousId === 'root' || itemById(session, previousId)) return null;
  const message = `Error adding item: the previous item with id '${previousId}' does not exist.`;
  return complain('item_create_invalid_previous_item_id', message);
}

function checkId(session: Session, id: Json | undefined): Complaint | null {
  if (typeof id !== 'string' || !itemById(session, id)) return null;
  return complain('item_create_duplicate_item_id', `Error adding item: an item with id '${id}' already exists.`);
}

function checkCall(server: Server, session: Session, given: Json): Complaint | null {
  if (!isObject(given) || given['type'] !== 'function_call_output') return null;
  const id = given['call_id'];
  const has = (type: string) => session.items.some(({ wire }) => wire['type'] === type && wire['call_id'] === id);
  if (has('function_call_output') && server.faults.secondToolOutput === 'refused') {
    return complain('invalid_tool_call_id', `Tool call ID '${textOr(id, '')}' already has an output.`);
  }
  if (has('function_call')) return null;
  return complain('invalid_tool_call_id', `Tool call ID '${textOr(id, '')}' not found in conversation.`);
}

const withCallId = (server: Server, given: JsonObject): JsonObject =>
  given['type'] === 'function_call' && given['call_id'] === undefined
    ? { ...given, call_id: newCallId(server) }
    : given;

/** An item as it is echoed: without `object`, and an output without `status`. */
function inWireForm(id: string, given: JsonObject): JsonObject {
  const { type = 'message', status = 'completed', role = null, content = [], phase } = given;
  switch (type) {
    case 'message':
      return copy({ id, type, status, role, content, ...(phase !== undefined && { phase }) });
    case 'function_call': {
      const { name = '', call_id = '', arguments: args = '' } = given;
      return copy({ id, type, status, name, call_id, arguments: args });
    }
    case 'function_call_output': {
      const { call_id = '', output = '' } = given;
      return copy({ id, type, call_id, output });
    }
    default: {
      const { object: _, ...rest } = given;
      return copy({ ...rest, id, type });
    }
  }
}

export function saidIn(given: JsonObject): string {
  const { content, output, arguments: args } = given;
  if (!isArray(content)) return textOr(output, textOr(args, ''));
  const parts = content.map((part) => (isObject(part) ? textOr(part['text'], textOr(part['transcript'], '')) : ''));
  return parts.join(' ').trim();
}

/** Adds the input audio, which only `retrieve` returns. */
function withAudio(server: Server, session: Session, item: Item): JsonObject {
  const content = item.wire['content'];
  if (!isArray(content)) return copy(item.wire);
  const { input, output } = session.config.audio;
  const parts = content.map((part) => {
    const type = isObject(part) ? part['type'] : null;
    if (type !== 'input_audio' && type !== 'output_audio') return part;
    const { format } = type === 'input_audio' ? input : output;
    return { ...(isObject(part) ? part : {}), audio: audioOf(format['type'], item.audioMs, server.options.audio) };
  });
  return copy({ ...item.wire, content: parts });
}
