import { emptyList, type Entries, noEntries, put } from '../collections.js';
import type { ServerEvent } from './read.js';
import { type OpenResponse, openResponse } from './response.js';
import type { Session } from './state.js';
import { type StateOf, table } from './table.js';

/**
 * What was produced, what was heard, and where it was cut. The heard amount comes from the carrier's marks once there
 * are any; until then it is estimated, as if all audio played in order and without a pause from its arrival. Where the
 * server plays (WebRTC, SIP), it reports itself when playing begins and stops.
 */
export const playbackTable = table<'drained' | 'playing' | 'server-playing'>('playback', {
  drained: { playing: 'playing', 'server-playing': 'server-playing' },
  playing: { drained: 'drained', cut: 'drained', gone: 'drained' },
  'server-playing': {
    'server-playing': 'server-playing',
    drained: 'drained',
    cut: 'drained',
    dropped: 'drained',
    gone: 'drained',
  },
});

/** Whether more of an item will be played. */
export const trackLife = table<'playing' | 'cut'>('track', { playing: { cut: 'cut' }, cut: {} });

/** One item of output audio. */
export interface Track {
  readonly response: string | null;
  /** The lane of its response: only items in the conversation can be truncated. */
  readonly lane: OpenResponse['lane'];
  bytes: number;
  /** Milliseconds known to be heard: by the carrier's mark, or because a new stretch began playing after them. */
  heardMs: number;
  /** When the audio after `heardMs` begins to play, by the estimate. */
  playsFrom: number;
  state: StateOf<typeof trackLife>;
}

/** A response that has ended and is still being heard. */
export interface Hearing {
  readonly response: string;
  readonly requests: readonly number[];
  /** Its items, where the client plays. */
  readonly tracks: readonly Track[];
  readonly by: 'client' | 'server';
  /** `part`: the response was broken off, so it counts as cut even if everything produced is heard. */
  readonly extent: 'whole' | 'part';
  /** When to stop waiting for the server to report the end of playing. */
  readonly dueAt: number;
}

export interface Playback {
  items: Entries<string, Track>;
  /** When everything produced so far will have been played, by the estimate. */
  playsUntil: number;
  markedAt: number;
  source: 'estimate' | 'marks';
  /** Bytes of audio per millisecond, by the session's output format. */
  bytesPerMs: 8 | 48;
  hearings: readonly Hearing[];
  /** When the next of them will have been heard, or is overdue. May be too early, never too late. Infinity: none is known. */
  nextEnd: number;
}

export const firstPlayback = (): Playback => ({
  items: noEntries,
  playsUntil: 0,
  markedAt: 0,
  source: 'estimate',
  bytesPerMs: 48,
  hearings: emptyList,
  nextEnd: Infinity,
});

/** How many items are remembered: a memory bound, not a setting. */
export const REMEMBERED = 32;
/** How much later than estimated a mark, or the server's report, may come. Milliseconds. */
export const LATE_MS = 15_000;

export const isPlaying = ({ is }: Session): boolean => is.playback !== 'drained';
/** Whether nothing more of this item will be heard. */
export const isCut = ({ playback }: Session, itemId: string): boolean => playback.items.get(itemId)?.state === 'cut';
/** Milliseconds of audio that a response has produced; null where the server plays it. */
export const audioMsOf = ({ playback, rules }: Session, { audioBytes, serverSound }: OpenResponse): number | null =>
  serverSound !== 'none' || rules.line === 'sideband' ? null : Math.round(audioBytes / playback.bytesPerMs);
/** Whether a response made a sound: audio bytes or, where the server plays, a report of playing or an audio part. */
export const madeSound = ({ rules }: Session, { audioBytes, serverSound, audioPart }: OpenResponse): boolean =>
  audioBytes > 0 || serverSound !== 'none' || (audioPart && rules.line === 'sideband');

// What is produced -----------------------------------------------------------------------------------------------------

/**
 * Counts an audio delta, and returns whether its item plays. Allocates nothing, since deltas are most of the traffic.
 */
export function noteAudio(session: Session, event: ServerEvent, bytes: number): Track['state'] {
  const { playback, now } = session;
  const itemId = event['item_id'] as string;
  const response = openResponse(session, event['response_id']);
  if (response) {
    response.audioBytes += bytes;
    response.firstAudioAt ??= now;
  }
  const track = playback.items.get(itemId) ?? begin(session, itemId, response);
  if (track.state === 'cut') return track.state;
  if (playback.playsUntil < now) {
    // All earlier audio has been played, so this audio plays from now.
    if (playback.source === 'estimate') track.heardMs = track.bytes / playback.bytesPerMs;
    track.playsFrom = now;
    playback.playsUntil = now;
  }
  track.bytes += bytes;
  playback.playsUntil += bytes / playback.bytesPerMs;
  return track.state;
}

function begin({ playback, now }: Session, itemId: string, response: OpenResponse | undefined): Track {
  const track: Track = {
    response: response?.id ?? null,
    lane: response?.lane ?? 'default',
    bytes: 0,
    heardMs: 0,
    playsFrom: Math.max(now, playback.playsUntil),
    state: trackLife.first,
  };
  playback.items = put(playback.items, itemId, track);
  if (response) remember(response.tracks, track);
  const [oldest] = playback.items;
  if (oldest && playback.items.size > REMEMBERED) forget(playback, ...oldest);
  return track;
}

function remember(tracks: Track[], track: Track): void {
  tracks.push(track);
  if (tracks.length > REMEMBERED) tracks.shift();
}

/** What is not known any more counts as heard. */
function forget(playback: Playback, itemId: string, track: Track): void {
  playback.items.delete(itemId);
  track.heardMs = producedMs(playback, track);
}

export const producedMs = ({ bytesPerMs }: Playback, { bytes }: Track): number => bytes / bytesPerMs;

/** Milliseconds of an item that have been heard, at most what was produced. */
export function heardMs({ playback, now }: Session, track: Track): number {
  const since = playback.source === 'estimate' ? Math.max(0, now - track.playsFrom) : 0;
  return Math.min(producedMs(playback, track), track.heardMs + since);
}

export const isUnheard = (session: Session, track: Track): boolean =>
  track.state === 'playing' && heardMs(session, track) + ROUNDING_MS < Math.floor(producedMs(session.playback, track));
/** The tolerance for rounding in sums of fractions of a millisecond. */
const ROUNDING_MS = 0.001;

/** Milliseconds until everything produced will have been heard; null where only marks or the server can tell. */
export function remainingMs(session: Session): number | null {
  const { is, playback, now } = session;
  if (is.playback === 'drained') return 0;
  const isKnown = is.playback === 'playing' && playback.source === 'estimate';
  return isKnown ? Math.max(0, Math.round(playback.playsUntil - now)) : null;
}

export const anyUnheard = (session: Session, tracks: readonly Track[]): boolean =>
  tracks.some((track) => isUnheard(session, track));

export type How = 'heard' | 'cut' | 'none';

export const wasHeard = (session: Session, { tracks, serverSound }: OpenResponse): boolean =>
  serverSound !== 'none' || heardOf(session, tracks) > 0;
const heardOf = (session: Session, tracks: readonly Track[]): number =>
  tracks.reduce((sum, track) => sum + heardMs(session, track), 0);
export const cutOrNone = (session: Session, tracks: readonly Track[]): How =>
  heardOf(session, tracks) > 0 ? 'cut' : 'none';

/** The deadline for the next mark, counted from when the first unheard track must have been played. */
export function marksDueAt(session: Session): number {
  const { playback } = session;
  let first = Infinity;
  for (const track of playback.items.values()) {
    if (isUnheard(session, track)) first = Math.min(first, track.playsFrom + producedMs(playback, track));
  }
  return Math.max(Math.min(first, playback.playsUntil), playback.markedAt) + LATE_MS;
}

/** When the next item of this ended response will have been heard, by the estimate; or when its end is overdue. */
export function endOf(session: Session, { tracks, dueAt }: Hearing): number {
  const { playback } = session;
  if (playback.source === 'marks') return dueAt;
  let end = dueAt;
  for (const track of tracks) {
    if (isUnheard(session, track)) end = Math.min(end, track.playsFrom + producedMs(playback, track) - track.heardMs);
  }
  return end;
}
