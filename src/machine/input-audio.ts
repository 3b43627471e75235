import { emptyList } from '../collections.js';
import type { Facts } from './facts.js';
import { isAway } from './connection.js';
import { isWordless } from './conversation.js';
import { sentCommit } from './items.js';
import type { Part } from './part.js';
import { bytesPerMsIn } from './read.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { hasTurn } from './user-turn.js';
import { command, post, type Work } from './work.js';

/**
 * The caller's audio. None of it is an input: the shell sends it, and keeps what is in no conversation yet, for the next
 * line. `kept`: there is some. `unheard`: the line that is live now was given it, and has not said whether it hears speech.
 */
export const inputTable = table<'live' | 'kept' | 'unheard'>('input', {
  live: { 'audio-kept': 'kept', 'handed-over': 'unheard' },
  kept: { 'taken-over': 'unheard', gone: 'live' },
  unheard: {
    'speech-started': 'live',
    'audio-overdue': 'live',
    'detection-off': 'live',
    dropped: 'live',
    gone: 'live',
  },
});

export interface InputAudio {
  /** By the session's input format. */
  bytesPerMs: 8 | 48;
  /** When speech in what was kept must have been heard. */
  dueAt: number;
  /** Turns without a transcript whose audio was put aside, oldest first. */
  turns: readonly Turn[];
}

interface Turn {
  readonly itemId: string;
  readonly ms: number;
}

export const firstInputAudio = (): InputAudio => ({ bytesPerMs: 48, dueAt: 0, turns: emptyList });

/** How much is kept while nobody speaks, and how long a line has to hear speech in what it was given. Milliseconds. */
const QUIET_MS = 2_000;
const HEARD_MS = 1_000;

/** Whether there may be speech that the server has not told of yet. */
export const mayBeSpeech = ({ is }: Session): boolean => is.input === 'unheard';

/** How many bytes of audio are kept at most for the next line; 0: none, for there will be none. */
export function keptBytes(session: Session): number {
  const { rules, input, is, configuration } = session;
  if (rules.reconnect === null) return 0;
  const isWanted =
    isAway(session) || is.input === 'unheard' || configuration.detection === null || hasTurn(session) || waits(session);
  return input.bytesPerMs * Math.min(rules.reconnect.audioMs, isWanted ? Infinity : QUIET_MS);
}

const waits = (session: Session): boolean => sentCommit(session) !== undefined;

/** Whether it would be news that audio is kept. */
export const asksForAudio = (session: Session): boolean => isAway(session) && session.is.input === 'live';

/** Notes that audio is kept for the next line. */
export function audioKept(work: Work): void {
  if (asksForAudio(work.session)) post(work, 'audio-kept');
}

/** A commit, and a clear, has its place among the audio. */
function onSent(work: Work, { event }: Facts['sent']): void {
  if (work.session.rules.reconnect === null) return;
  if (event.type !== 'input_audio_buffer.commit' && event.type !== 'input_audio_buffer.clear') return;
  command(work, { do: 'mark-audio', frame: event, when: isAway(work.session) ? 'kept' : 'sent' });
}

function onCommitted(work: Work, { commit, item }: Facts['audio-committed']): void {
  const { session } = work;
  if (session.rules.reconnect === null) return;
  const itemId = item !== null && isWordless(session, item) ? item : null;
  command(work, { do: 'forget-audio', through: commit?.eventId ?? null, itemId });
}

/** Notes how much audio was put aside as an item's. Beyond what is kept for a line, the oldest turns are forgotten. */
export function turnKept(work: Work, itemId: string, bytes: number): void {
  const { input, rules } = work.session;
  input.turns = [...input.turns, { itemId, ms: bytes / input.bytesPerMs }];
  let left = rules.reconnect?.audioMs ?? 0;
  const tooMany = input.turns.toReversed().filter(({ ms }) => (left -= ms) < 0);
  for (const turn of tooMany) forgetTurn(work, turn.itemId);
}

function forgetTurn(work: Work, itemId: string): void {
  const { input } = work.session;
  if (audioOf(work.session, itemId) === 0) return;
  input.turns = input.turns.filter((each) => each.itemId !== itemId);
  command(work, { do: 'forget-turn', itemId });
}

/** Milliseconds of audio that were put aside as an item's; 0: none. */
export const audioOf = ({ input: { turns } }: Session, itemId: string): number =>
  turns.find((each) => each.itemId === itemId)?.ms ?? 0;

/** Audio in another format is of no use to a line that is told the new one. */
function noteFormat(work: Work, { session: settings }: Facts['session-told']): void {
  const { input, rules } = work.session;
  const bytesPerMs = bytesPerMsIn(settings, 'input');
  if (bytesPerMs === null) return;
  if (bytesPerMs !== input.bytesPerMs && rules.reconnect !== null) {
    command(work, { do: 'forget-audio', through: null, itemId: null });
  }
  input.bytesPerMs = bytesPerMs;
}

function dueAt({ is, input }: Session): number {
  return is.input === 'unheard' ? input.dueAt : Infinity;
}

export const inputAudio: Part = {
  tables: { input: inputTable },
  handlers: {
    sent: onSent,
    'audio-committed': onCommitted,
    'turn-in-words': (work, { item }) => forgetTurn(work, item),
    'session-told': noteFormat,
    'taken-over': ({ session }) => void (session.input.dueAt = session.now + HEARD_MS),
  },
  dueAt,
  onTick: (work) => {
    if (work.session.now >= dueAt(work.session)) post(work, 'audio-overdue');
  },
};
