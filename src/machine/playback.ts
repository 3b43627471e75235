import { serverInterrupts } from './automatic-answer.js';
import { isClosed } from './connection.js';
import { isTold } from './conversation.js';
import type { Facts } from './facts.js';
import { sendHousekeeping } from './housekeeping.js';
import type { Part } from './part.js';
import { bytesPerMsIn, type Json, type ServerEvent, textOf } from './read.js';
import { openResponse, openResponses } from './response.js';
import type { Session } from './state.js';
import { advance } from './table.js';
import {
  anyUnheard,
  cutOrNone,
  endOf,
  heardMs,
  type Hearing,
  type How,
  isUnheard,
  LATE_MS,
  madeSound,
  marksDueAt,
  playbackTable,
  producedMs,
  REMEMBERED,
  trackLife,
  wasHeard,
} from './track.js';
import { fault, post, tell, type Work } from './work.js';

/** The estimated time to speak one character of a transcript: eight characters a second. */
const MS_A_CHARACTER = 125;

/** Takes a carrier's mark; from then on only marks count. Marks for other audio, such as a jingle, are ignored. */
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

/** Reports which responses have been heard to their end, and whether everything has. */
function settle(work: Work): void {
  const { session } = work;
  const { playback } = session;
  for (const hearing of playback.hearings) {
    if (hearing.by === 'client' && !anyUnheard(session, hearing.tracks)) tellHeard(work, hearing, wholly(hearing));
  }
  if (session.is.playback !== 'playing' || moreComes(session)) return;
  for (const track of playback.items.values()) if (isUnheard(session, track)) return;
  post(work, 'drained');
}

/** Whether a response that makes sound is still going on: a gap in its audio is not its end. */
function moreComes({ responses }: Session): boolean {
  for (const { audioBytes } of responses.open.values()) if (audioBytes > 0) return true;
  return false;
}

/** How a response counts once all its audio has been heard: one that was broken off counts as cut. */
const wholly = ({ extent }: Pick<Hearing, 'extent'>): How => (extent === 'whole' ? 'heard' : 'cut');

function tellHeard(work: Work, { response, requests }: Pick<Hearing, 'response' | 'requests'>, how: How): void {
  const { playback } = work.session;
  playback.hearings = playback.hearings.filter((each) => each.response !== response);
  tell(work, { kind: 'heard', response, requests, how });
  post(work, 'heard', { id: response, how });
}

/** Begins to track how much of an ended response is heard; that may take much longer than the response. */
function onOver(work: Work, { response, outcome }: Facts['over']): void {
  const { session } = work;
  const { id, answers: requests, tracks, serverSound, startedAt, chars } = response;
  if (!madeSound(session, response)) return tellHeard(work, { response: id, requests }, 'none');
  if (isClosed(session))
    return tellHeard(work, { response: id, requests }, wasHeard(session, response) ? 'cut' : 'none');
  const extent = outcome.status === 'completed' ? 'whole' : 'part';
  if (serverSound === 'stopped') return tellHeard(work, { response: id, requests }, wholly({ extent }));
  if (serverSound === 'cleared') return tellHeard(work, { response: id, requests }, 'cut');
  const by = serverSound === 'none' && response.audioBytes > 0 ? 'client' : 'server';
  const dueAt = by === 'client' ? Infinity : (startedAt ?? session.now) + chars * MS_A_CHARACTER + LATE_MS;
  const hearing: Hearing = { response: id, requests, tracks, by, extent, dueAt };
  if (by === 'client' && !anyUnheard(session, tracks)) {
    const isCutOff = tracks.some(({ state }) => state === 'cut');
    tellHeard(work, hearing, isCutOff ? cutOrNone(session, tracks) : wholly(hearing));
    return settle(work);
  }
  follow(session, hearing);
  // No track of an older response is left.
  const [oldest] = session.playback.hearings;
  if (oldest && session.playback.hearings.length > REMEMBERED) tellHeard(work, oldest, wholly(oldest));
}

function follow(session: Session, hearing: Hearing): void {
  const { playback } = session;
  const others = playback.hearings.length > 0 ? playback.nextEnd : Infinity;
  playback.hearings = [...playback.hearings, hearing];
  playback.nextEnd = Math.min(others, endOf(session, hearing));
}

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
    const late: Hearing = {
      response: id,
      requests: [],
      tracks: [],
      by: 'server',
      extent: 'whole',
      dueAt: session.now + LATE_MS,
    };
    follow(session, late);
    session.playback.hearings = session.playback.hearings.slice(-REMEMBERED);
  }
  post(work, 'server-playing');
}

/**
 * Reads `output_audio_buffer.stopped` and `output_audio_buffer.cleared`; without an id, they end whatever is playing.
 */
export function stopped(work: Work, event: ServerEvent): void {
  const { session } = work;
  const id = textOf(event['response_id']);
  const fact = event.type.endsWith('cleared') ? 'cut' : 'drained';
  for (const entry of openResponses(session)) {
    if (entry.serverSound !== 'playing' || (id !== null && entry.id !== id)) continue;
    entry.serverSound = fact === 'cut' ? 'cleared' : 'stopped';
  }
  endServers(work, fact, ({ response }) => id === null || response === id);
}

function endServers(work: Work, fact: 'drained' | 'cut', isMeant: (hearing: Hearing) => boolean): void {
  const { session } = work;
  for (const hearing of session.playback.hearings) {
    if (hearing.by === 'server' && isMeant(hearing)) tellHeard(work, hearing, fact === 'cut' ? fact : wholly(hearing));
  }
  const goesOn =
    openResponses(session).some(({ serverSound }) => serverSound === 'playing') ||
    session.playback.hearings.some(({ by }) => by === 'server');
  if (session.is.playback === 'server-playing' && !goesOn) post(work, fact);
}

// Cutting --------------------------------------------------------------------------------------------------------------

/** Ends playback and tells the server how much was heard; where the server plays, tells it to stop. */
function cut(work: Work): void {
  const { session } = work;
  const { is, playback } = session;
  if (is.playback === 'server-playing') return sendHousekeeping(work, { type: 'output_audio_buffer.clear' });
  const heard: { readonly itemId: string; readonly ms: number }[] = [];
  for (const [itemId, track] of playback.items) {
    const ms = Math.floor(heardMs(session, track));
    if (track.state === 'playing' && ms > 0 && ms < Math.floor(producedMs(playback, track))) {
      heard.push({ itemId, ms });
      // What is known as text is told anew.
      if (track.lane === 'default' && !isTold(session, itemId)) truncate(work, itemId, ms);
    }
    // Fixes the heard amount at this moment.
    track.heardMs = heardMs(session, track);
    track.playsFrom = Infinity;
    advance(track, trackLife, 'cut');
  }
  playback.playsUntil = session.now;
  if (is.playback === 'drained') return;
  for (const hearing of playback.hearings) tellHeard(work, hearing, cutOrNone(session, hearing.tracks));
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

/** Cuts our playback when the user begins to speak and the server cuts its own answer. */
function onSpeech(work: Work): void {
  if (serverInterrupts(work.session) && work.session.is.playback === 'playing') cut(work);
}

/** What the client plays is heard on: only what the server played has ended with the line. */
function onDropped(work: Work): void {
  for (const hearing of work.session.playback.hearings) if (hearing.by === 'server') tellHeard(work, hearing, 'cut');
}

function onGone(work: Work): void {
  const { session } = work;
  for (const hearing of session.playback.hearings) {
    tellHeard(work, hearing, hearing.by === 'server' ? 'cut' : cutOrNone(session, hearing.tracks));
  }
}

// What is due ----------------------------------------------------------------------------------------------------------

function onTick(work: Work): void {
  const { session } = work;
  const { playback, now } = session;
  const isOverdue = ({ dueAt: due }: Hearing): boolean => due <= now;
  if (playback.hearings.some(isOverdue)) {
    fault(work, 'The server never said that it had stopped playing: what it played is taken for heard.');
    endServers(work, 'drained', isOverdue);
  }
  if (session.is.playback === 'playing') {
    if (playback.source === 'marks' && now >= marksDueAt(session)) giveUpMarks(work);
    settle(work);
  }
  playback.nextEnd = Math.min(...playback.hearings.map((hearing) => endOf(session, hearing)));
}

function giveUpMarks(work: Work): void {
  const { playback, now } = work.session;
  for (const track of playback.items.values()) {
    track.heardMs = producedMs(playback, track);
    track.playsFrom = now;
  }
  playback.source = 'estimate';
  fault(work, 'The marks of what was heard have stopped: it is taken for heard.');
}

export function dueAt(session: Session): number {
  const { is, playback } = session;
  const due = playback.hearings.length > 0 ? playback.nextEnd : Infinity;
  if (is.playback !== 'playing') return due;
  if (playback.source === 'marks') return Math.min(due, marksDueAt(session));
  return moreComes(session) ? due : Math.min(due, playback.playsUntil);
}

/** Notes the output format. Durations of earlier audio do not change. */
function noteFormat({ session }: Work, { session: settings }: { readonly session: Json }): void {
  const { playback } = session;
  const bytesPerMs = bytesPerMsIn(settings, 'output');
  if (bytesPerMs === null) return;
  const change = bytesPerMs / playback.bytesPerMs;
  playback.bytesPerMs = bytesPerMs;
  for (const track of playback.items.values()) track.bytes *= change;
  for (const response of openResponses(session)) response.audioBytes *= change;
}

export const playback: Part = {
  tables: { playback: playbackTable },
  handlers: {
    'session-told': noteFormat,
    'speech-started': onSpeech,
    interrupted: cut,
    'silence-wanted': cut,
    over: onOver,
    dropped: onDropped,
    gone: onGone,
  },
  dueAt,
  onTick,
};
