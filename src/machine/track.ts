import { forgetOldest } from '../bounded.js';
import type { ServerEvent } from './read.js';
import { type OpenResponse, openResponse } from './response.js';
import type { Session } from './state.js';
import { type StateOf, table } from './table.js';

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

/** Whether anything more of an item is played. */
export const trackLife = table<'playing' | 'cut'>('track', { playing: { cut: 'cut' }, cut: {} });

/** One item of output audio. */
export interface Track {
  readonly response: string | null;
  /** Whether the conversation has it: what is beside the conversation cannot be truncated. */
  readonly lane: OpenResponse['lane'];
  bytes: number;
  /** Milliseconds heard for certain: by the carrier's word, or because playing began anew after it. */
  heardMs: number;
  /** When what is beyond `heardMs` begins to play, by the estimate. */
  playsFrom: number;
  state: StateOf<typeof trackLife>;
}

/** A response that has ended and is still being heard. */
export interface Hearing {
  readonly response: string;
  readonly requests: readonly number[];
  readonly by: 'client' | 'server';
  /** It ended before its end: whatever there is of it may be heard, and it is cut all the same. */
  readonly extent: 'whole' | 'part';
  /** When the end of what the server plays is not waited for any longer. */
  readonly dueAt: number;
}

export interface Playback {
  readonly items: Map<string, Track>;
  /** When all that was produced will have been played, by the estimate. */
  playsUntil: number;
  markedAt: number;
  source: 'estimate' | 'marks';
  /** Bytes of audio in a millisecond, by the session's output format. */
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
export const REMEMBERED = 32;
/** How much longer than by the estimate a mark, or the server's word, may take to come. Milliseconds. */
export const LATE_MS = 15_000;

export const isPlaying = ({ is }: Session): boolean => is.playback !== 'drained';
/** Nothing more of this item is to be heard. */
export const isCut = ({ playback }: Session, itemId: string): boolean => playback.items.get(itemId)?.state === 'cut';
/** Milliseconds of audio that a response has brought; null where the server plays it. */
export const audioMsOf = ({ playback, rules }: Session, { audioBytes, serverSound }: OpenResponse): number | null =>
  serverSound !== 'none' || rules.line === 'sideband' ? null : Math.round(audioBytes / playback.bytesPerMs);
/** Whether a response made a sound: audio bytes or, where the server plays, its word or an audio part. */
export const madeSound = ({ rules }: Session, { audioBytes, serverSound, audioPart }: OpenResponse): boolean =>
  audioBytes > 0 || serverSound !== 'none' || (audioPart && rules.line === 'sideband');

// What is produced -----------------------------------------------------------------------------------------------------

/** Counts an audio delta, and says whether its item plays. It is most of the traffic: nothing is allocated. */
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
    // Everything before it has been played: what comes now plays from now.
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
  playback.items.set(itemId, track);
  forgetOldest(playback.items, REMEMBERED);
  return track;
}

export const producedMs = ({ bytesPerMs }: Playback, { bytes }: Track): number => bytes / bytesPerMs;

/** How much of an item has been heard: never more than was produced. */
export function heardMs({ playback, now }: Session, track: Track): number {
  const since = playback.source === 'estimate' ? Math.max(0, now - track.playsFrom) : 0;
  return Math.min(producedMs(playback, track), track.heardMs + since);
}

export const isUnheard = (session: Session, track: Track): boolean =>
  track.state === 'playing' && heardMs(session, track) + ROUNDING_MS < Math.floor(producedMs(session.playback, track));
/** The error that sums of fractions of a millisecond may have. */
const ROUNDING_MS = 0.001;

/** Milliseconds until all that was produced will have been heard; null where only marks or the server can say. */
export function remainingMs(session: Session): number | null {
  const { is, playback, now } = session;
  if (is.playback === 'drained') return 0;
  const isKnown = is.playback === 'playing' && playback.source === 'estimate';
  return isKnown ? Math.max(0, Math.round(playback.playsUntil - now)) : null;
}

export const unheardOf = (session: Session, response: string): boolean =>
  [...session.playback.items.values()].some((track) => track.response === response && isUnheard(session, track));

export type How = 'heard' | 'cut' | 'none';

export const wasHeard = (session: Session, { id, serverSound }: OpenResponse): boolean =>
  serverSound !== 'none' || heardOf(session, id) > 0;
const heardOf = (session: Session, response: string): number =>
  [...session.playback.items.values()]
    .filter((track) => track.response === response)
    .reduce((sum, track) => sum + heardMs(session, track), 0);
export const cutOrNone = (session: Session, response: string): How => (heardOf(session, response) > 0 ? 'cut' : 'none');

/** The next mark is due once the first track that is not heard must have been played, however much has come after it. */
export function marksDueAt(session: Session): number {
  const { playback } = session;
  let first = Infinity;
  for (const track of playback.items.values()) {
    if (isUnheard(session, track)) first = Math.min(first, track.playsFrom + producedMs(playback, track));
  }
  return Math.max(Math.min(first, playback.playsUntil), playback.markedAt) + LATE_MS;
}

/** When the next item of a response that has ended will have been heard, by the estimate. */
export function nextEnd(session: Session): number {
  const { playback, responses } = session;
  let end = Infinity;
  for (const track of playback.items.values()) {
    if (!isUnheard(session, track) || responses.open.has(track.response ?? '')) continue;
    end = Math.min(end, track.playsFrom + producedMs(playback, track) - track.heardMs);
  }
  return end;
}
