import { forgetOldest } from '../bounded.js';
import { serverInterrupts } from './automatic-answer.js';
import { isClosed } from './connection.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import { at, textOf, type Json, type ServerEvent } from './read.js';
import { openResponse, openResponses, sendHousekeeping, type OpenResponse } from './responses.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { fault, post, tell, type Work } from './work.js';

/**
 * What was produced, what was heard, and where it was cut. Who says what was heard: the carrier's marks, once there are
 * any; until then the bytes and the clock, as if all were played in order and without a pause from when it arrived. Where
 * the server plays (WebRTC, SIP), it says itself when it begins and stops.
 */
export const playbackTable = table<'drained' | 'playing' | 'server-playing'>('playback', {
  drained: { playing: 'playing', 'server-playing': 'server-playing' },
  playing: { drained: 'drained', cut: 'drained', gone: 'drained' },
  'server-playing': { 'server-playing': 'server-playing', drained: 'drained', cut: 'drained', gone: 'drained' },
});

/** One item of output audio. */
interface Track {
  readonly response: string | null;
  /** Whether the conversation has it: what is beside the conversation cannot be truncated. */
  readonly lane: OpenResponse['lane'];
  bytes: number;
  /** Milliseconds heard for certain: by the carrier's word, or because playing began anew after it. */
  heardMs: number;
  /** When what is beyond `heardMs` begins to play, by the estimate. */
  playsFrom: number;
  /** Nothing of a `cut` item is played any more. */
  state: 'playing' | 'cut';
}

/** A response that has ended and is still being heard. */
interface Hearing {
  readonly response: string;
  readonly requests: readonly number[];
  readonly by: 'client' | 'server';
  /** When the end of what the server plays is not waited for any longer. */
  readonly dueAt: number;
}

export interface Playback {
  readonly items: Map<string, Track>;
  /** When all that was produced will have been played, by the estimate. */
  playsUntil: number;
  markedAt: number;
  source: 'estimate' | 'marks';
  /** Of the session's output format. */
  bytesPerMs: 8 | 48;
  hearings: readonly Hearing[];
}

export const firstPlayback = (): Playback => ({
  items: new Map(),
  playsUntil: 0,
  markedAt: 0,
  source: 'estimate',
  bytesPerMs: 48,
  hearings: [],
});

/** How many items are remembered: a bound, not a tuning. */
const REMEMBERED = 32;
/** How much longer than by the estimate a mark, or the server's word, may take to come. Milliseconds. */
const LATE_MS = 15_000;
/** How long a character of a transcript takes to say: eight a second. */
const MS_A_CHARACTER = 125;

export const isPlaying = ({ is }: Session): boolean => is.playback !== 'drained';
/** Nothing more of this item is to be heard. */
export const isCut = ({ playback }: Session, itemId: string): boolean => playback.items.get(itemId)?.state === 'cut';
/** Milliseconds of audio that a response has brought; null where the server plays it. */
export const audioMsOf = ({ playback, rules }: Session, { audioBytes, serverSound }: OpenResponse): number | null =>
  serverSound !== 'none' || rules.line === 'sideband' ? null : Math.round(audioBytes / playback.bytesPerMs);
/** It made a sound: audio bytes or, where the server plays, its word or an audio part. */
export const madeSound = ({ rules }: Session, { audioBytes, serverSound, audioPart }: OpenResponse): boolean =>
  audioBytes > 0 || serverSound !== 'none' || (audioPart && rules.line === 'sideband');

// What is produced -----------------------------------------------------------------------------------------------------

/** Counts an audio delta. It is most of the traffic: nothing is allocated, and only the first of a stretch is told. */
export function noteAudio(session: Session, event: ServerEvent, bytes: number): 'begins' | 'goes on' {
  const { playback, now } = session;
  const itemId = event['item_id'] as string;
  const response = openResponse(session, event['response_id']);
  if (response) response.audioBytes += bytes;
  const track = playback.items.get(itemId) ?? begin(session, itemId, response);
  if (track.state === 'cut') return 'goes on';
  if (playback.playsUntil < now) {
    // Everything before it has been played: what comes now plays from now.
    if (playback.source === 'estimate') track.heardMs = track.bytes / playback.bytesPerMs;
    track.playsFrom = now;
    playback.playsUntil = now;
  }
  track.bytes += bytes;
  playback.playsUntil += bytes / playback.bytesPerMs;
  return session.is.playback === 'drained' ? 'begins' : 'goes on';
}

function begin({ playback, now }: Session, itemId: string, response: OpenResponse | undefined): Track {
  const track: Track = {
    response: response?.id ?? null,
    lane: response?.lane ?? 'default',
    bytes: 0,
    heardMs: 0,
    playsFrom: Math.max(now, playback.playsUntil),
    state: 'playing',
  };
  playback.items.set(itemId, track);
  forgetOldest(playback.items, REMEMBERED);
  return track;
}

const producedMs = ({ bytesPerMs }: Playback, { bytes }: Track): number => bytes / bytesPerMs;

/** How much of an item has been heard: never more than was produced. */
function heardMs({ playback, now }: Session, track: Track): number {
  const since = playback.source === 'estimate' ? Math.max(0, now - track.playsFrom) : 0;
  return Math.min(producedMs(playback, track), track.heardMs + since);
}

const isUnheard = (session: Session, track: Track): boolean =>
  track.state === 'playing' && heardMs(session, track) + ROUNDING_MS < Math.floor(producedMs(session.playback, track));
/** What sums of fractions of a millisecond may be off by. */
const ROUNDING_MS = 0.001;

/** Milliseconds until all that was produced will have been heard; null where only marks or the server can say. */
export function remainingMs(session: Session): number | null {
  const { is, playback, now } = session;
  if (is.playback === 'drained') return 0;
  const isKnown = is.playback === 'playing' && playback.source === 'estimate';
  return isKnown ? Math.max(0, Math.round(playback.playsUntil - now)) : null;
}

/** The carrier's marks: from now on they alone count. Of what is not the model's (a jingle) they say nothing here. */
export function mark(work: Work, itemId: string, ms: number): void {
  const { session } = work;
  const { playback, now } = session;
  const track = playback.items.get(itemId);
  if (!track) return;
  playback.source = 'marks';
  playback.markedAt = now;
  if (track.state === 'playing') {
    track.heardMs = Math.min(Math.max(track.heardMs, ms), producedMs(playback, track));
  }
  settle(work);
}

// What is heard --------------------------------------------------------------------------------------------------------

/** Tells which responses have been heard to their end, and whether all has. */
function settle(work: Work): void {
  const { session } = work;
  const { playback } = session;
  for (const hearing of playback.hearings) {
    if (hearing.by === 'client' && !unheardOf(session, hearing.response)) tellHeard(work, hearing, 'heard');
  }
  if (session.is.playback !== 'playing') return;
  if (![...playback.items.values()].some((track) => isUnheard(session, track))) post(work, 'drained');
}

const unheardOf = (session: Session, response: string): boolean =>
  [...session.playback.items.values()].some((track) => track.response === response && isUnheard(session, track));

type How = 'heard' | 'cut' | 'none';

function tellHeard(work: Work, { response, requests }: Pick<Hearing, 'response' | 'requests'>, how: How): void {
  const { playback } = work.session;
  playback.hearings = playback.hearings.filter((each) => each.response !== response);
  tell(work, { kind: 'heard', response, requests, how });
  post(work, 'heard', { id: response, how });
}

/** A response has ended: what it said may still be heard for a long while. */
function onOver(work: Work, { response }: Facts['over']): void {
  const { session } = work;
  const { id, answers: requests, serverSound, startedAt, chars } = response;
  if (!madeSound(session, response)) return tellHeard(work, { response: id, requests }, 'none');
  if (isClosed(session))
    return tellHeard(work, { response: id, requests }, wasHeard(session, response) ? 'cut' : 'none');
  if (serverSound === 'stopped') return tellHeard(work, { response: id, requests }, 'heard');
  if (serverSound === 'cleared') return tellHeard(work, { response: id, requests }, 'cut');
  const by = serverSound === 'none' && response.audioBytes > 0 ? 'client' : 'server';
  const dueAt = by === 'client' ? Infinity : (startedAt ?? session.now) + chars * MS_A_CHARACTER + LATE_MS;
  const hearing: Hearing = { response: id, requests, by, dueAt };
  if (by === 'client' && !unheardOf(session, id)) {
    const isCutOff = [...session.playback.items.values()].some(
      (track) => track.response === id && track.state === 'cut',
    );
    return tellHeard(work, hearing, isCutOff ? cutOrNone(session, id) : 'heard');
  }
  session.playback.hearings = [...session.playback.hearings, hearing];
}

const wasHeard = (session: Session, { id, serverSound }: OpenResponse): boolean =>
  serverSound !== 'none' || heardOf(session, id) > 0;
const heardOf = (session: Session, response: string): number =>
  [...session.playback.items.values()]
    .filter((track) => track.response === response)
    .reduce((sum, track) => sum + heardMs(session, track), 0);
const cutOrNone = (session: Session, response: string): How => (heardOf(session, response) > 0 ? 'cut' : 'none');

// Where the server plays -----------------------------------------------------------------------------------------------

/** Reads `output_audio_buffer.started`. */
export function started(work: Work, event: ServerEvent): void {
  const { session } = work;
  const id = textOf(event['response_id']);
  const entry = openResponse(session, id);
  if (entry) {
    entry.serverSound = 'playing';
    entry.startedAt = session.now;
  } else if (id !== null && !session.playback.hearings.some(({ response }) => response === id)) {
    const late: Hearing = { response: id, requests: [], by: 'server', dueAt: session.now + LATE_MS };
    session.playback.hearings = [...session.playback.hearings, late].slice(-REMEMBERED);
  }
  post(work, 'server-playing');
}

/** Reads `output_audio_buffer.stopped` and `output_audio_buffer.cleared`; without an id, they end whatever plays. */
export function stopped(work: Work, event: ServerEvent): void {
  const { session } = work;
  const id = textOf(event['response_id']);
  const how = event.type.endsWith('cleared') ? 'cut' : 'heard';
  for (const entry of openResponses(session)) {
    if (entry.serverSound !== 'playing' || (id !== null && entry.id !== id)) continue;
    entry.serverSound = how === 'cut' ? 'cleared' : 'stopped';
  }
  endServers(work, how, ({ response }) => id === null || response === id);
}

function endServers(work: Work, how: 'heard' | 'cut', isMeant: (hearing: Hearing) => boolean): void {
  const { session } = work;
  for (const hearing of session.playback.hearings) {
    if (hearing.by === 'server' && isMeant(hearing)) tellHeard(work, hearing, how);
  }
  const goesOn =
    openResponses(session).some(({ serverSound }) => serverSound === 'playing') ||
    session.playback.hearings.some(({ by }) => by === 'server');
  if (session.is.playback !== 'server-playing' || goesOn) return;
  if (how === 'cut') post(work, 'cut');
  else post(work, 'drained');
}

// Cutting --------------------------------------------------------------------------------------------------------------

/** Ends what is being heard, and tells the server how much of it was; where the server plays, it is told to stop. */
export function cut(work: Work): void {
  const { session } = work;
  const { is, playback } = session;
  if (is.playback === 'server-playing') return sendHousekeeping(work, { type: 'output_audio_buffer.clear' });
  const heard: { readonly itemId: string; readonly ms: number }[] = [];
  for (const [itemId, track] of playback.items) {
    const ms = Math.floor(heardMs(session, track));
    if (track.state === 'playing' && ms > 0 && ms < Math.floor(producedMs(playback, track))) {
      heard.push({ itemId, ms });
      if (track.lane === 'default') truncate(work, itemId, ms);
    }
    // What was heard stands still from here.
    track.heardMs = heardMs(session, track);
    track.playsFrom = Infinity;
    track.state = 'cut';
  }
  playback.playsUntil = session.now;
  if (is.playback === 'drained') return;
  for (const hearing of playback.hearings) tellHeard(work, hearing, cutOrNone(session, hearing.response));
  tell(work, { kind: 'cut', heard });
  post(work, 'cut');
}

const truncate = (work: Work, itemId: string, ms: number): void =>
  sendHousekeeping(work, {
    type: 'conversation.item.truncate',
    item_id: itemId,
    content_index: 0,
    audio_end_ms: ms,
  });

/** The user speaks: where the server cuts its own answer, the client cuts what it has of it. */
function onSpeech(work: Work): void {
  if (serverInterrupts(work.session) && work.session.is.playback === 'playing') cut(work);
}

function onGone(work: Work): void {
  const { session } = work;
  for (const hearing of session.playback.hearings) {
    tellHeard(work, hearing, hearing.by === 'server' ? 'cut' : cutOrNone(session, hearing.response));
  }
}

// What is due ----------------------------------------------------------------------------------------------------------

function elapse(work: Work): void {
  const { session } = work;
  const { playback, now } = session;
  const isOverdue = ({ by, dueAt: due }: Hearing): boolean => by === 'server' && due <= now;
  if (playback.hearings.some(isOverdue)) {
    fault(work, 'The server never said that it had stopped playing: what it played is taken for heard.');
    endServers(work, 'heard', isOverdue);
  }
  if (session.is.playback !== 'playing') return;
  if (playback.source === 'marks' && now >= marksDueAt(playback)) giveUpMarks(work);
  settle(work);
}

const marksDueAt = ({ playsUntil, markedAt }: Playback): number => Math.max(playsUntil, markedAt) + LATE_MS;

function giveUpMarks(work: Work): void {
  const { playback, now } = work.session;
  for (const track of playback.items.values()) {
    track.heardMs = producedMs(playback, track);
    track.playsFrom = now;
  }
  playback.source = 'estimate';
  fault(work, 'The marks of what was heard have stopped: it is taken for heard.');
}

function dueAt({ is, playback, now }: Session): number {
  let due = Infinity;
  for (const hearing of playback.hearings) due = Math.min(due, hearing.dueAt);
  if (is.playback !== 'playing') return due;
  if (playback.source === 'marks') return Math.min(due, marksDueAt(playback));
  for (const { response } of playback.hearings) due = Math.min(due, playsUntilOf(playback, response, now));
  return Math.min(due, playback.playsUntil);
}

/** When a response will have been heard, by the estimate. */
function playsUntilOf(playback: Playback, response: string, now: number): number {
  let until = now;
  for (const track of playback.items.values()) {
    if (track.response !== response || track.state === 'cut') continue;
    until = Math.max(until, track.playsFrom + producedMs(playback, track) - track.heardMs);
  }
  return until;
}

/** Notes the output format: 16-bit PCM at 24 kHz, or G.711 at 8 kHz. */
function noteFormat({ session: { playback } }: Work, { session }: { readonly session: Json }): void {
  const type = at(session, 'audio', 'output', 'format', 'type');
  if (type !== undefined) playback.bytesPerMs = type === 'audio/pcmu' || type === 'audio/pcma' ? 8 : 48;
}

export const playback: Part = {
  tables: { playback: playbackTable },
  heeds: {
    'session-told': noteFormat,
    'speech-started': onSpeech,
    interrupted: cut,
    over: onOver,
    gone: onGone,
  },
  dueAt,
  elapse,
};
