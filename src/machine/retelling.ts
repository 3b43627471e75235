import type { ClientEvent } from './effects.js';
import { isOpen, liveLine } from './connection.js';
import { type Call, callItem, type Entry } from './conversation.js';
import { sendHousekeeping } from './housekeeping.js';
import { audioOf } from './input-audio.js';
import type { Part } from './part.js';
import { at, type Json, listOf, textOf } from './read.js';
import { isKnown, isSideband } from './sideband.js';
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

/** Everything that a line is told before it takes over. The first time, a note for the model is among it. */
export function tellings(session: Session, line: number, makeId: () => string): readonly ClientEvent[] {
  const { chosen, extent } = within(session);
  const isFirst = !isSideband(session) && !chosen.some(({ entry }) => entry.on === line);
  const last = chosen.at(-1);
  const noted = (): ClientEvent => create(note(session, makeId(), extent));
  const frames = corrections(session, line, makeId);
  for (const { entry, says } of chosen) {
    if (isKnown(session, entry.on, line)) continue;
    const goesBefore = isFirst && entry === last?.entry && isUnanswered(entry);
    frames.push(...(goesBefore ? [noted()] : []), ...itemsOf(session, entry, says).map(create));
    entry.on = line;
    entry.toldAs = says;
    entry.instead = null;
  }
  return isFirst && last && !isUnanswered(last.entry) ? [...frames, noted()] : frames;
}

/** Who spoke last, of those who were heard. An item of the program's is nobody's word. */
export function lastSpeaker(session: Session): 'the caller' | 'somebody else' {
  const last = session.conversation.entries.findLast((entry) => saysOf(session, entry) !== null);
  return last && isUnanswered(last) && last.item === null ? 'the caller' : 'somebody else';
}

/** What a line was told otherwise than it was heard: it is deleted, and told again by another id in the same place. */
export function corrections(session: Session, line: number, makeId: () => string): ClientEvent[] {
  const frames: ClientEvent[] = [];
  let before = 'root';
  for (const entry of session.conversation.entries) {
    if (entry.on !== line || entry.toldAs === AUDIO) continue;
    if (entry.instead !== null) {
      before = entry.instead;
      continue;
    }
    const says = entry.toldAs === null ? null : saysOf(session, entry);
    if (says !== entry.toldAs) {
      frames.push({ type: 'conversation.item.delete', item_id: entry.id });
      entry.toldAs = says;
      entry.id = makeId();
      const items = says === null ? [] : itemsOf(session, entry, says);
      for (const item of items) frames.push({ ...create(item), previous_item_id: before });
      if (says === null) continue;
    }
    before = entry.call?.outputId ?? entry.id;
  }
  return frames;
}

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
  const sentences = [
    'This is the same call: its connection was lost for a moment, and what was said before has been told to you again.',
    'Do not greet again, and do not mention the connection; go on in the same language.',
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
  if (!isOpen(session)) return;
  const frames = corrections(session, liveLine(session), () => makeId(session));
  for (const frame of frames) sendHousekeeping(work, frame);
}

export const retelling: Part = {
  tables: {},
  handlers: { cut: onCut },
};
