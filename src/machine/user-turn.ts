import { serverAnswers } from './automatic-answer.js';
import { sentCommit } from './items.js';
import type { Part } from './part.js';
import { type ServerEvent, textOf } from './read.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { post, type Work } from './work.js';

/**
 * Whose turn it is. Two flags say that the user is speaking, and neither ends the other: the voice, by the server's
 * detection, and the button, by the program's own. Either may be followed by a wait for the transcript.
 */
export const voiceTable = table<'silent' | 'speaking'>('voice', {
  silent: { 'speech-started': 'speaking' },
  speaking: {
    'speech-stopped': 'silent',
    'turn-committed': 'silent',
    'input-cleared': 'silent',
    'detection-off': 'silent',
    'voice-overdue': 'silent',
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
    gone: 'unawaited',
  },
});

export interface UserTurn {
  /** The step at which the user last took a turn, by whoever's word. */
  step: number;
  /** The item of the turn that is under way or was last. */
  item: string | null;
  /** Items of turns that a later `speech_started` has overtaken, null where none was named: what stops them ends nothing. */
  older: readonly (string | null)[];
  /** The item whose transcript ends the turn. */
  awaitedItem: string | null;
  /** The last item whose transcript has been read. */
  transcribedItem: string | null;
  /** The server has ended a turn, and its `committed` has not been read. */
  uncommitted: boolean;
}

export const firstUserTurn = (): UserTurn => ({
  step: 0,
  item: null,
  older: [],
  awaitedItem: null,
  transcribedItem: null,
  uncommitted: false,
});

/** The user is speaking, by the server's word or by the program's. */
const flagIsRaised = ({ is }: Session): boolean => is.voice === 'speaking' || is.button === 'held';
/** The user is speaking, or has spoken and is not yet transcribed where that is waited for. */
export const userSpeaks = (session: Session): boolean => flagIsRaised(session) || session.is.transcript === 'awaited';
/** The server hears the user at this moment. */
export const serverHears = ({ is }: Session): boolean => is.voice === 'speaking';
export const turnBeganAfter = ({ turn }: Session, step: number): boolean => turn.step > step;
const isTurnItem = ({ turn }: Session, item: string | null): boolean =>
  turn.uncommitted && (item === turn.item || turn.item === null);

/** How many overtaken items are remembered: a bound, not a tuning. */
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

/** Ignores the end of a turn that a later one has overtaken: the user is heard all the same. */
export function speechStopped(work: Work, event: ServerEvent): void {
  const { session } = work;
  const item = textOf(event['item_id']);
  if (item !== null && serverHears(session) && session.turn.older.includes(item)) return;
  session.turn.awaitedItem = item;
  endFlag(work, 'speech-stopped');
  turnIsOver(work, event);
}

/** The server has ended a turn by itself: it may answer now, once it has committed the item. */
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
}

/** `userTurn()`: the program's own detection, or a button. */
export function pressButton(work: Work, edge: 'begins' | 'ends'): void {
  const { session } = work;
  if (session.is.connection !== 'open') return;
  if (edge === 'ends') return endFlag(work, 'turn-ends');
  const before = flagIsRaised(session);
  session.turn.awaitedItem = null;
  post(work, 'turn-begins');
  if (!before) post(work, 'turn-taken');
}

/** Lowers a flag; where a turn ends with its transcript, the wait for that begins here. */
function endFlag(work: Work, fact: 'speech-stopped' | 'turn-committed' | 'turn-ends'): void {
  const { is, rules } = work.session;
  const isRaised = fact === 'turn-ends' ? is.button === 'held' : is.voice === 'speaking';
  if (!isRaised) return;
  post(work, fact);
  if (rules.turnEnds === 'transcribed') post(work, 'transcript-awaited');
}

export const userTurn: Part = {
  tables: { voice: voiceTable, button: buttonTable, transcript: transcriptTable },
  heeds: {
    'turn-taken': ({ session }) => void (session.turn.step = session.steps),
  },
};
