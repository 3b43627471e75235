import type { ClientEvent } from './effects.js';
import { isAway, isOpen, liveLine } from './connection.js';
import { type Call, callItem, type Entry, type Known, nameAsTold, type Told } from './conversation.js';
import { sendHousekeeping } from './housekeeping.js';
import { audioOf } from './input-audio.js';
import type { Part } from './part.js';
import { at, type Json, listOf, textOf } from './read.js';
import { openResponses } from './response.js';
import { isSideband, isThere } from './sideband.js';
import type { Session } from './state.js';
import { runningCalls } from './tool-state.js';
import { heardMs, producedMs } from './track.js';
import { makeId, type Work } from './work.js';

// The conversation as the next line is told it: as it was said and heard, the newest of it first.

/** How many characters of a transcript a second of sound holds, where the transcript has run ahead of it. */
const CHARACTERS_A_SECOND = 15;
/** How many characters make a token, about; and what an item takes besides. */
const CHARACTERS_A_TOKEN = 4;
const TOKENS_AN_ITEM = 8;
/** How much of the caller's audio makes a token. */
const MS_A_TOKEN = 100;

const BROKEN_OFF = '—';
const INAUDIBLE = '(inaudible)';
/** In the place of the words of a turn that is told as its audio. */
const AUDIO = '(audio)';

interface Telling {
  /** `what is over`: only up to what is still being said. */
  readonly what: 'all' | 'what is over';
  /** What the line has been told so far: it grows by what it is told now. */
  readonly known: Known;
  readonly makeId: () => string;
}

/** Everything that a line is told before it takes over. The first time, a note for the model is among it. */
export function tellings(session: Session, { what, known, makeId }: Telling): readonly ClientEvent[] {
  const { chosen, extent } = within(session);
  const frames = corrections(session, known, makeId);
  const isFirst = !isSideband(session) && known.size === 0;
  const from = what === 'all' ? -1 : chosen.findIndex(({ entry }) => isBeingSaid(session, entry));
  const told = from < 0 ? chosen : chosen.slice(0, from);
  const last = told.at(-1);
  const noted = (): ClientEvent => create(note(session, makeId(), extent));
  for (const { entry, says } of told) {
    if (known.has(entry.heardAs) || isThere(session, entry.on)) continue;
    const goesBefore = isFirst && entry === last?.entry && isUnanswered(entry);
    if (goesBefore) frames.push(noted());
    const items = itemsOf(session, entry, says);
    frames.push(...placed(session, entry, known, items));
    know(known, entry, says, items);
  }
  return isFirst && last && !isUnanswered(last.entry) ? [...frames, noted()] : frames;
}

/** Who spoke last, of those who were heard. An item of the program's is nobody's word. */
export function lastSpeaker(session: Session): 'the caller' | 'somebody else' {
  const last = session.conversation.entries.findLast((entry) => saysOf(session, entry) !== null);
  return last && isUnanswered(last) && last.item === null ? 'the caller' : 'somebody else';
}

/** What a line was told otherwise than it was heard: it is deleted, and told again by another id in the same place. */
export function corrections(session: Session, known: Known, makeId: () => string): ClientEvent[] {
  const { entries, left } = session.conversation;
  const frames: ClientEvent[] = [];
  for (const [heardAs, { ids, instead }] of known) {
    if (left.has(heardAs) && known.delete(heardAs) && instead === null) frames.push(...ids.map(deletion));
  }
  for (const entry of entries) {
    const told = known.get(entry.heardAs);
    if (!told) continue;
    if (told.says === null || told.says === AUDIO || told.instead !== null) continue;
    const says = saysOf(session, entry);
    if (says === told.says) continue;
    const items = says === null ? [] : itemsOf(session, entry, says).map((item) => ({ ...item, id: makeId() }));
    frames.push(...told.ids.map(deletion), ...placed(session, entry, known, items, 'in its place'));
    know(known, entry, says, items);
  }
  return frames;
}

const know = (known: Known, { heardAs }: Entry, says: string | null, items: readonly Json[]): unknown =>
  known.set(heardAs, { says, ids: items.map(({ id }) => String(id)), instead: null });

/** The items where they belong: at the end, unless something that follows them has been told before. */
function placed(
  session: Session,
  entry: Entry,
  known: Known,
  items: readonly Json[],
  where: 'in its place' | 'in order' = 'in order',
): readonly ClientEvent[] {
  const { entries, told } = session.conversation;
  const line = known === told ? liveLine(session) : null;
  const at = entries.indexOf(entry);
  const isLast = !entries.slice(at + 1).some(({ heardAs }) => known.has(heardAs));
  if (where === 'in order' && isLast) return items.map(create);
  const lastOf = ({ heardAs, on, id }: Entry): string | undefined =>
    lastKnown(known.get(heardAs)) ?? (on === line && !known.has(heardAs) ? id : undefined);
  let before = entries.slice(0, at).reduce((id, each) => lastOf(each) ?? id, 'root');
  return items.map((item) => {
    const frame = { ...create(item), previous_item_id: before };
    before = String(item['id']);
    return frame;
  });
}

/** The last item of what was told, or of what the program told in its place. */
const lastKnown = (told: Told | undefined): string | undefined => told && (told.instead ?? told.ids.at(-1));

/** Whether the model still says it. */
const isBeingSaid = (session: Session, { role, item, call, extent }: Entry): boolean =>
  role === 'assistant' && item === null && call === null && extent === 'begun' && openResponses(session).length > 0;

const deletion = (id: string): ClientEvent => ({ type: 'conversation.item.delete', item_id: id });

interface Chosen {
  readonly entry: Entry;
  readonly says: string;
}

/** As much of the end of the conversation as there is room for; what says nothing is left out. */
function within(session: Session): { readonly chosen: readonly Chosen[]; readonly extent: 'whole' | 'part' } {
  const { entries, forgotten } = session.conversation;
  let tokens = 0;
  const chosen: Chosen[] = [];
  for (const entry of [...entries].reverse()) {
    const says = saysOf(session, entry);
    if (says === null) continue;
    tokens += TOKENS_AN_ITEM + tokensOf(session, entry, says);
    if (!isRoomFor(session, tokens)) return { chosen, extent: 'part' };
    chosen.unshift({ entry, says });
  }
  return { chosen, extent: forgotten > 0 ? 'part' : 'whole' };
}

const tokensOf = (session: Session, { heardAs }: Entry, says: string): number =>
  says === AUDIO ? Math.ceil(audioOf(session, heardAs) / MS_A_TOKEN) : Math.ceil(says.length / CHARACTERS_A_TOKEN);

const isRoomFor = ({ rules }: Session, tokens: number): boolean =>
  rules.reconnect !== null && tokens <= rules.reconnect.budgetTokens;

const isUnanswered = ({ role }: Entry): boolean => role === 'user';

const create = (item: Json): ClientEvent => ({ type: 'conversation.item.create', item });

function itemsOf(session: Session, entry: Entry, says: string): readonly Json[] {
  const { id, role, item, call } = entry;
  if (call?.by === 'us') {
    const output = { type: 'function_call_output', id: call.outputId, call_id: call.id, output: call.output };
    return isSideband(session) ? [output] : [callItem(entry), output];
  }
  if (call) return [{ type: 'message', id, role: 'system', content: [{ type: 'input_text', text: says }] }];
  if (item) return [{ ...item, id, content: contentOf(item, hasLastImage(session, entry)) }];
  return [{ type: 'message', id, role, content: [partOf(entry, says)] }];
}

/** The shell puts the audio in the place of the `item_id`. */
function partOf({ role, heardAs }: Entry, says: string): Json {
  if (says === AUDIO) return { type: 'input_audio', item_id: heardAs };
  return { type: role === 'assistant' ? 'output_text' : 'input_text', text: says };
}

/** What of an item is told; null: nothing. */
function saysOf(session: Session, entry: Entry): string | null {
  const { call, item, role, text, heardAs } = entry;
  if (call) return saysOfCall(call, text);
  if (item) return textIn(item);
  if (role === 'user' && text === '') return audioOf(session, heardAs) === 0 ? INAUDIBLE : AUDIO;
  if (role === 'user') return text;
  return heardIn(session, entry);
}

function saysOfCall({ output, by, name }: Call, text: string): string | null {
  if (output === null) return null;
  return by === 'us' ? text + output : `The tool '${name}' was called with ${text} and gave: ${output}`;
}

/** The words in an item that the program sent; what has none counts as one. */
const textIn = (item: Json): string =>
  listOf(item['content'])
    .map((part) => textOf(at(part, 'text')) ?? textOf(at(part, 'transcript')) ?? INAUDIBLE)
    .join(' ');

/** Sound is told by its words, and of all images only the last is told again. */
const contentOf = (item: Json, image: 'kept' | 'left out'): readonly unknown[] =>
  listOf(item['content']).map((part) => {
    const type = at(part, 'type');
    if (type === 'input_audio') return { type: 'input_text', text: textOf(at(part, 'transcript')) ?? INAUDIBLE };
    return type === 'input_image' && image === 'left out' ? { type: 'input_text', text: '(an image)' } : part;
  });

const hasImage = ({ item }: Entry): boolean =>
  listOf(item?.['content']).some((part) => at(part, 'type') === 'input_image');
const hasLastImage = ({ conversation: { entries } }: Session, entry: Entry): 'kept' | 'left out' =>
  entries.findLast(hasImage) === entry ? 'kept' : 'left out';

/** The words of the model's that were heard, or that the carrier still plays. */
function heardIn({ playback }: Session, { heardAs, text, medium, extent, cut }: Entry): string | null {
  const track = playback.items.get(heardAs);
  const sounded = track ? producedMs(playback, track) : 0;
  const isAhead = medium === 'spoken' && extent === 'begun';
  const said = isAhead ? text.slice(0, Math.floor((sounded * CHARACTERS_A_SECOND) / 1_000)) : text;
  const share = cut && cut.producedMs > 0 ? cut.heardMs / cut.producedMs : 1;
  const heard = share < 1 ? said.slice(0, Math.floor(said.length * share)) : said;
  if (heard === text && extent === 'whole') return text === '' ? null : text;
  const words = wholeWords(heard, text);
  return words === '' ? null : `${words}${BROKEN_OFF}`;
}

/** Without the last word, where that is not whole. */
function wholeWords(heard: string, text: string): string {
  const isWhole = heard.length === text.length || text[heard.length] === ' ';
  return isWhole ? heard.trimEnd() : heard.slice(0, heard.lastIndexOf(' ') + 1);
}

/** Tells the model what has happened, so that it neither greets anew nor wonders. */
function note(session: Session, id: string, extent: 'whole' | 'part'): Json {
  const running = runningCalls(session).map(({ name }) => name);
  const why = isAway(session) ? ': its connection was lost for a moment, and what' : '. What';
  const sentences = [
    `This is the same call${why} was said before has been told to you again.`,
    'Do not greet again, and do not mention this; go on in the same language.',
    ...(running.length > 0 ? [`Still running, their results will follow: ${running.join(', ')}.`] : []),
    ...(extent === 'part' ? ['The beginning of the call is left out.'] : []),
  ];
  return { type: 'message', id, role: 'system', content: [{ type: 'input_text', text: sentences.join(' ') }] };
}

/**
 * What was cut stays as it was heard, also once nothing more is known of its sound. Where the server has been told that more
 * was heard, it is told otherwise.
 */
function onCut(work: Work): void {
  const { session } = work;
  const { playback, conversation } = session;
  for (const entry of conversation.entries) {
    const track = playback.items.get(entry.heardAs);
    if (track?.state !== 'cut' || entry.cut) continue;
    entry.cut = { heardMs: heardMs(session, track), producedMs: producedMs(playback, track) };
  }
  correct(work);
}

/** Where the live line was told otherwise, it is told anew. */
function correct(work: Work): void {
  const { session } = work;
  if (!isOpen(session)) return;
  const frames = corrections(session, session.conversation.told, () => makeId(session));
  nameAsTold(session.conversation);
  for (const frame of frames) sendHousekeeping(work, frame);
}

export const retelling: Part = {
  tables: {},
  handlers: { cut: onCut, 'transcribed-late': correct },
};
