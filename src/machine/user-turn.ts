import { emptyList } from '../collections.js';
import { serverAnswers } from './automatic-answer.js';
import { goesOn } from './connection.js';
import { sentCommit } from './items.js';
import type { Part } from './part.js';
import { type ServerEvent, textOf } from './read.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { post, type Work } from './work.js';

/**
 * Whose turn it is. Two independent flags say that the user is speaking: `voice`, from the server's detection, and
 * `button`, from the program's own. After either, the turn may wait for the transcript.
 */
export const voiceTable = table<'silent' | 'speaking'>('voice', {
  silent: { 'speech-started': 'speaking' },
  speaking: {
    'speech-stopped': 'silent',
    'turn-committed': 'silent',
    'input-cleared': 'silent',
    'detection-off': 'silent',
    'voice-overdue': 'silent',
    dropped: 'silent',
    parted: 'silent',
    gone: 'silent',
  },
});
export const buttonTable = table<'released' | 'held'>('button', {
  released: { 'turn-begins': 'held' },
  held: { 'turn-ends': 'released', 'button-overdue': 'released', gone: 'released' },
});
export const transcriptTable = table<'unawaited' | 'awaited'>('transcript', {
  unawaited: { 'transcript-awaited': 'awaited' },
  awaited: {
    'transcript-awaited': 'awaited',
    'speech-started': 'unawaited',
    'turn-begins': 'unawaited',
    transcribed: 'unawaited',
    'transcript-overdue': 'unawaited',
    dropped: 'unawaited',
    parted: 'unawaited',
    gone: 'unawaited',
  },
});

export interface UserTurn {
  /** The step at which the user last took a turn, by either flag. */
  step: number;
  /** The item of the current or last turn. */
  item: string | null;
  /**
   * Items of turns overtaken by a later `speech_started`, null where none was named. Their `speech_stopped` ends
   * nothing.
   */
  older: readonly (string | null)[];
  /** The item whose transcript will end the turn. */
  awaitedItem: string | null;
  /** The last item whose transcript has arrived. */
  transcribedItem: string | null;
  /** Whether the server has ended a turn that it has not committed yet. */
  uncommitted: boolean;
}

export const firstUserTurn = (): UserTurn => ({
  step: 0,
  item: null,
  older: emptyList,
  awaitedItem: null,
  transcribedItem: null,
  uncommitted: false,
});

/** Whether the user is speaking, by either flag. */
const flagIsRaised = ({ is }: Session): boolean => is.voice === 'speaking' || is.button === 'held';
/** Whether the user is speaking, or has spoken and awaits transcription where the plan waits for it. */
export const userSpeaks = (session: Session): boolean => flagIsRaised(session) || session.is.transcript === 'awaited';
/** Whether a turn is being taken, or is not committed yet. */
export const hasTurn = (session: Session): boolean => flagIsRaised(session) || session.turn.uncommitted;
/** Whether the server detects speech at this moment. */
export const serverHears = ({ is }: Session): boolean => is.voice === 'speaking';
export const turnBeganAfter = ({ turn }: Session, step: number): boolean => turn.step > step;
const isTurnItem = ({ turn }: Session, item: string | null): boolean =>
  turn.uncommitted && (item === turn.item || turn.item === null);

/** How many overtaken items are remembered: a memory bound, not a setting. */
const OLDER = 8;

export function speechStarted(work: Work, event: ServerEvent): void {
  const { session } = work;
  const item = textOf(event['item_id']);
  const { turn } = session;
  turn.awaitedItem = null;
  turn.older = [...turn.older, turn.item].filter((each) => each !== item).slice(-OLDER);
  turn.item = item;
  const before = flagIsRaised(session);
  post(work, 'speech-started');
  if (!before) post(work, 'turn-taken');
}

/** Reads a `speech_stopped`, and ignores it if a later turn has overtaken its item: the user is still speaking. */
export function speechStopped(work: Work, event: ServerEvent): void {
  const { session } = work;
  const item = textOf(event['item_id']);
  if (item !== null && serverHears(session) && session.turn.older.includes(item)) return;
  session.turn.awaitedItem = item;
  endFlag(work, 'speech-stopped');
  turnIsOver(work, event);
}

/** Notes that the server has ended a turn by itself: it may answer as soon as it commits the item. */
export function turnIsOver(work: Work, event: ServerEvent): void {
  const { turn } = work.session;
  turn.item = textOf(event['item_id']);
  turn.uncommitted = true;
  if (serverAnswers(work.session)) post(work, 'answer-triggered');
}

export function committed(work: Work, event: ServerEvent): void {
  const { session } = work;
  const { turn } = session;
  const item = textOf(event['item_id']);
  const commit = isTurnItem(session, item) ? undefined : sentCommit(session);
  if (commit) post(work, 'own-commit', { commit, item });
  post(work, 'audio-committed', { commit: commit ?? null, item });
  if (item !== null && item === turn.item) endFlag(work, 'turn-committed');
  turn.awaitedItem = item;
  if (session.is.transcript === 'awaited') post(work, 'transcript-awaited');
  if (item !== null && item === turn.transcribedItem) post(work, 'transcribed');
  if (commit || !turn.uncommitted) return;
  turn.uncommitted = false;
  if (serverAnswers(session)) post(work, 'answer-due');
}

export function transcribed(work: Work, event: ServerEvent): void {
  const { turn } = work.session;
  turn.transcribedItem = textOf(event['item_id']);
  if (turn.transcribedItem !== null && turn.transcribedItem === turn.awaitedItem) post(work, 'transcribed');
  if (turn.transcribedItem !== null && textOf(event['transcript'])) {
    post(work, 'turn-in-words', { item: turn.transcribedItem });
  }
}

/** Handles `userTurn()`: the program's own detection, or a button. */
export function pressButton(work: Work, edge: 'begins' | 'ends'): void {
  const { session } = work;
  if (!goesOn(session)) return;
  if (edge === 'ends') return endFlag(work, 'turn-ends');
  const before = flagIsRaised(session);
  session.turn.awaitedItem = null;
  post(work, 'turn-begins');
  if (!before) post(work, 'turn-taken');
}

/** Lowers a flag, and begins the wait for the transcript where a turn ends with it. */
function endFlag(work: Work, fact: 'speech-stopped' | 'turn-committed' | 'turn-ends'): void {
  const { is, rules } = work.session;
  const isRaised = fact === 'turn-ends' ? is.button === 'held' : is.voice === 'speaking';
  if (!isRaised) return;
  post(work, fact);
  if (rules.turnEnds === 'transcribed') post(work, 'transcript-awaited');
}

export const userTurn: Part = {
  tables: { voice: voiceTable, button: buttonTable, transcript: transcriptTable },
  handlers: {
    'turn-taken': ({ session }) => void (session.turn.step = session.steps),
    dropped: ({ session }) => void (session.turn = { ...firstUserTurn(), step: session.turn.step }),
    parted: ({ session }) => void (session.turn = { ...firstUserTurn(), step: session.turn.step }),
  },
};
