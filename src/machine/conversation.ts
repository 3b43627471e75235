import { forgetOldest } from '../bounded.js';
import { include, type Members, noMembers } from '../collections.js';
import { liveLine } from './connection.js';
import type { Facts } from './facts.js';
import { onlyUnadded } from './items.js';
import type { Part } from './part.js';
import { at, isRecord, type Json, listOf, type ServerEvent, textOf } from './read.js';
import { openResponse } from './response.js';
import { isSideband } from './sideband.js';
import { transcriberOf } from './spending.js';
import type { Session } from './state.js';

/**
 * The conversation as it was said and heard, in the server's order: what the next line is told of it. Kept only where a
 * line may be replaced.
 */
export interface Conversation {
  entries: Entry[];
  /** Counts what is not kept any more. */
  forgotten: number;
  /** Items that are never told: beside the conversation, of a turn in which the caller said nothing, or deleted. */
  left: Members<string>;
  /** What the live line was told. */
  told: Known;
}

/** What a line was told, by the ids with which it was first heard. */
export type Known = Map<string, Told>;
export interface Told {
  readonly ids: readonly string[];
  /** As which text; null: as nothing any more. */
  readonly says: string | null;
  /** The program told that line something else in its place, up to this item (`root`: nothing). Null: it stands there. */
  readonly instead: string | null;
}

export interface Entry {
  /** The item's id where it is known now, and the one with which it was heard. */
  id: string;
  readonly heardAs: string;
  readonly role: 'assistant' | 'user' | 'system';
  /** The response that it is of; null: none that is known. */
  readonly response: string | null;
  /** As the program sent it; null: the server made it. */
  readonly item: Json | null;
  /** What it says; what a call is given. */
  text: string;
  /** `written`: text that nobody hears. */
  medium: 'spoken' | 'written';
  extent: 'begun' | 'whole';
  /** How much of it was heard, in milliseconds, once it has been cut. */
  cut: { readonly heardMs: number; readonly producedMs: number } | null;
  /** The line that has it. */
  on: number;
  /** When a turn of the caller's was added whose transcript is still to come. */
  addedAt: number | null;
  readonly call: Call | null;
  /** The event with which the program sent it; null: the server made it. */
  readonly eventId: string | null;
}

/** A function that was called; or one that the server called itself. */
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly by: 'us' | 'the server';
  output: string | null;
  /** The item of the output. */
  outputId: string | null;
}

/** What was told of a line that was told nothing. A line that is dialled gets a map of its own. */
export const nothingTold: Known = new Map();

export const firstConversation = (): Conversation => ({
  entries: [],
  forgotten: 0,
  left: noMembers,
  told: nothingTold,
});

/** How many items are kept: a bound, not a tuning. */
const KEPT = 512;

const entryOf = ({ conversation: { entries } }: Session, id: unknown): Entry | undefined =>
  entries.findLast((each) => each.id === id || each.heardAs === id);
const callOf = ({ conversation: { entries } }: Session, callId: unknown): Entry | undefined =>
  entries.findLast(({ call }) => call?.id === callId);

type Made = Pick<Entry, 'id' | 'role' | 'item'> & Partial<Entry>;

function add(session: Session, made: Made, after: string | null = null): Entry {
  const { conversation } = session;
  const fresh = {
    text: '',
    medium: 'written',
    extent: 'whole',
    cut: null,
    addedAt: null,
    call: null,
    eventId: null,
    response: null,
  } as const;
  conversation.left.delete(made.id);
  const entry: Entry = { ...fresh, heardAs: made.id, on: liveLine(session), ...made };
  const place = after === null ? -1 : conversation.entries.findLastIndex(({ id }) => id === after);
  conversation.entries.splice(place < 0 ? conversation.entries.length : place + 1, 0, entry);
  if (conversation.entries.length > KEPT) {
    conversation.entries.shift();
    conversation.forgotten++;
  }
  return entry;
}

// What the server says -------------------------------------------------------------------------------------------------

type Noting = (session: Session, event: ServerEvent) => void;

/** By frame: what of it is kept. */
const notings: ReadonlyMap<string, Noting> = new Map<string, Noting>([
  ['response.output_item.added', begun],
  ['response.output_item.done', ended],
  ['response.output_audio_transcript.delta', (session, event) => grows(session, event, 'spoken')],
  ['response.output_text.delta', (session, event) => grows(session, event, 'written')],
  ['conversation.item.added', added],
  ['input_audio_buffer.committed', committed],
  ['conversation.item.deleted', ({ conversation }, event) => remove(conversation, event['item_id'])],
  ['conversation.item.input_audio_transcription.completed', transcribed],
  ['conversation.item.input_audio_transcription.failed', untranscribed],
  ['input_audio_buffer.timeout_triggered', ({ conversation }, event) => leave(conversation, event['item_id'])],
]);

/** Notes what a frame of the live line adds to the conversation. */
export function noteSaid(session: Session, event: ServerEvent): void {
  if (session.rules.reconnect !== null) notings.get(event.type)?.(session, event);
}

function begun(session: Session, event: ServerEvent): void {
  const item = event['item'];
  const id = textOf(at(item, 'id'));
  if (id === null || entryOf(session, id)) return;
  if (openResponse(session, event['response_id'])?.lane === 'out-of-band') return leave(session.conversation, id);
  if (at(item, 'type') === 'message') {
    add(session, { id, role: 'assistant', item: null, extent: 'begun', response: textOf(event['response_id']) });
  }
}

function grows(session: Session, event: ServerEvent, medium: Entry['medium']): void {
  const entry = entryOf(session, event['item_id']);
  if (!entry) return;
  entry.medium = medium;
  entry.text += textOf(event['delta']) ?? '';
}

function ended(session: Session, event: ServerEvent): void {
  const item = event['item'];
  const id = textOf(at(item, 'id'));
  if (!isRecord(item) || id === null || session.conversation.left.has(id)) return;
  if (item['type'] === 'function_call' || item['type'] === 'mcp_call') return called(session, id, item);
  const entry = entryOf(session, id);
  if (!entry) return;
  entry.extent = item['status'] === 'completed' ? 'whole' : 'begun';
  const part = listOf(item['content']).findLast((each) => at(each, 'transcript') ?? at(each, 'text'));
  entry.text = textOf(at(part, 'transcript')) ?? textOf(at(part, 'text')) ?? entry.text;
}

function called(session: Session, itemId: string, item: Json): void {
  const name = textOf(item['name']) ?? '';
  const isHosted = item['type'] === 'mcp_call';
  const id = isHosted ? itemId : textOf(item['call_id']);
  if (id === null || callOf(session, id)) return;
  const by = isHosted ? 'the server' : 'us';
  const output = textOf(item['output']) ?? textOf(item['error']);
  const call: Call = { id, name, by, output, outputId: isHosted ? itemId : null };
  add(session, { id: itemId, role: 'assistant', item: null, text: textOf(item['arguments']) ?? '', call });
}

/** An item of the user's, or of somebody else. What the server says to itself (a system item) is not told again. */
function added(session: Session, event: ServerEvent): void {
  const item = event['item'];
  const id = textOf(at(item, 'id'));
  const role = at(item, 'role');
  if (!isRecord(item) || id === null || session.conversation.left.has(id)) return;
  const known = entryOf(session, id);
  if (known) known.on = liveLine(session);
  if (known || item['type'] !== 'message' || (role !== 'user' && role !== 'assistant')) return;
  const extent = role === 'user' ? 'whole' : 'begun';
  const addedAt = role === 'user' && transcriberOf(session) !== null ? session.now : null;
  add(session, { id, role, item: null, medium: 'spoken', extent, addedAt }, textOf(event['previous_item_id']));
}

/** The item follows at once, unless the line is lost in between. */
function committed(session: Session, event: ServerEvent): void {
  const id = textOf(event['item_id']);
  if (id === null || session.conversation.left.has(id) || entryOf(session, id)) return;
  add(session, { id, role: 'user', item: null, medium: 'spoken' }, textOf(event['previous_item_id']));
}

function transcribed(session: Session, event: ServerEvent): void {
  const entry = entryOf(session, event['item_id']);
  if (entry) Object.assign(entry, { text: textOf(event['transcript']) ?? '', addedAt: null });
}

function untranscribed(session: Session, event: ServerEvent): void {
  const entry = entryOf(session, event['item_id']);
  if (entry) entry.addedAt = null;
}

/** Until when the transcript of the caller's last turn is waited for; −Infinity: none is. */
export function transcriptDueAt({ conversation: { entries }, rules }: Session): number {
  const addedAt = entries.findLast(({ role, item }) => role === 'user' && item === null)?.addedAt ?? null;
  return addedAt === null ? -Infinity : addedAt + rules.limits.transcriptMs;
}

function forget(conversation: Conversation, id: unknown): void {
  conversation.entries = conversation.entries.filter((each) => each.id !== id);
}

/** It is deleted, and is told to no line any more. */
function remove(conversation: Conversation, id: unknown): void {
  const deleted = conversation.entries.find((each) => each.id === id);
  if (!deleted) return;
  leave(conversation, id);
  conversation.left = include(conversation.left, deleted.heardAs);
  conversation.told.delete(deleted.heardAs);
}

function leave(conversation: Conversation, id: unknown): void {
  forget(conversation, id);
  if (typeof id === 'string') conversation.left = include(conversation.left, id);
  forgetOldest(conversation.left, KEPT);
}

// What we say ----------------------------------------------------------------------------------------------------------

function onSent({ session }: { readonly session: Session }, { event }: Facts['sent']): void {
  if (session.rules.reconnect === null) return;
  if (event.type === 'conversation.item.delete') return remove(session.conversation, event['item_id']);
  const { item } = event;
  const id = textOf(at(item, 'id'));
  if (event.type !== 'conversation.item.create' || !isRecord(item) || id === null) return;
  if (item['type'] === 'function_call_output') return answered(session, id, item);
  const told = item['type'] === 'function_call' ? callOf(session, item['call_id']) : undefined;
  if (told) told.on = liveLine(session);
  const role = item['role'];
  if (role === 'user' || role === 'assistant' || role === 'system') {
    if (entryOf(session, id)) return;
    const made = { id, role, item, eventId: textOf(event['event_id']) } as const;
    add(session, made, textOf(event['previous_item_id']));
  }
}

/** What the server refused is in no conversation. */
function onRefused({ session }: { readonly session: Session }, { refusal }: Facts['item-refused']): void {
  const eventId = refusal.eventId ?? onlyUnadded(session)?.eventId;
  const refused = session.conversation.entries.find((each) => each.eventId !== null && each.eventId === eventId);
  if (refused) forget(session.conversation, refused.id);
}

/** A call stands where its output does: the two are told together. */
function answered(session: Session, outputId: string, item: Json): void {
  const entry = callOf(session, item['call_id']);
  if (!entry?.call) return;
  entry.call.output = textOf(item['output']) ?? '';
  entry.call.outputId = outputId;
  entry.on = liveLine(session);
  const { conversation } = session;
  conversation.entries = [...conversation.entries.filter((each) => each !== entry), entry];
}

/** Whether an item is a turn of the caller's whose words are not known. */
export const isWordless = (session: Session, itemId: string): boolean => {
  const entry = entryOf(session, itemId);
  return entry?.role === 'user' && entry.item === null && entry.text === '';
};

/** The item of a call that the live line does not know, so that its output can be given; null: it knows it. */
export function unknownCall(session: Session, callId: string): Json | null {
  const entry = callOf(session, callId);
  return entry && entry.on !== liveLine(session) ? callItem(entry) : null;
}

/** Whether an item is in the conversation of the live line as text, and not as the sound that was heard. */
export const isTold = (session: Session, itemId: string): boolean => {
  const entry = entryOf(session, itemId);
  return entry !== undefined && session.conversation.told.has(entry.heardAs);
};

/** The ids by which the live line knows what it was told. */
export function nameAsTold({ entries, told }: Conversation): void {
  for (const entry of entries) entry.id = told.get(entry.heardAs)?.ids[0] ?? entry.id;
}

/** From here on the line that was told is live. */
function onTakenOver({ session }: { readonly session: Session }, { line }: Facts['taken-over']): void {
  const { conversation, restore } = session;
  conversation.told = isSideband(session) ? new Map([...conversation.told, ...restore.known]) : restore.known;
  for (const entry of conversation.entries) if (restore.known.has(entry.heardAs)) entry.on = line;
  nameAsTold(conversation);
}

export const callItem = ({ id, text, call }: Entry): Json => ({
  ...{ type: 'function_call', id, call_id: call?.id, name: call?.name, arguments: text },
});

export const conversation: Part = {
  tables: {},
  handlers: { sent: onSent, 'item-refused': onRefused, 'taken-over': onTakenOver },
};
