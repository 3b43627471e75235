import type { Ending } from '../../types/index.js';
import { decide, review } from './admission.js';
import type { Asking, Thrown } from './asking.js';
import { beginBudget, changeBudget, leased } from './budget.js';
import { cancel, sendByHand, update } from './calls.js';
import { abandon } from './configuration.js';
import { close, FIRST_LINE, gone, liveLine } from './connection.js';
import { noteSaid } from './conversation.js';
import { arrange, onTick } from './deadlines.js';
import type { ClientEvent, Effects } from './effects.js';
import { isProgress, readBeside, readFrame } from './frames.js';
import { type HangUpAsk, legEnded } from './hang-up.js';
import { audioKept, turnKept } from './input-audio.js';
import { noteAlive, noteBacklog } from './line.js';
import { spread } from './machines.js';
import { mark } from './playback.js';
import type { ServerEvent } from './read.js';
import { type Ask } from './request.js';
import { type HistoryGiven, historyGiven, lineOpened } from './next-line.js';
import { nextGone, notOpened, type NotOpened } from './restore.js';
import { isRetired, noteQuiet } from './rotation.js';
import type { Rules } from './rules.js';
import { withdraw } from './settlement.js';
import type { Session } from './state.js';
import { type Returned, toolReturned } from './tool-calls.js';
import { isPlaying, noteAudio } from './track.js';
import { type Update } from './update.js';
import { pressButton } from './user-turn.js';
import { begin, post, type Work } from './work.js';

/**
 * One thing that happened, and when (`now`, milliseconds, never less than before). `line`: by which it came; left out, by
 * the first.
 */
export type Input = { readonly now: number } &
  /** `audioBytes`: the size of an audio delta, whose bytes are not part of the input; otherwise 0. */
  (
    | { readonly type: 'frame'; readonly event: ServerEvent; readonly audioBytes: number; readonly line?: number }
    /** A ping or a pong: nothing to read, and a sign of life. */
    | { readonly type: 'alive'; readonly line?: number }
    /** A line that was asked for is open. */
    | { readonly type: 'opened'; readonly line: number }
    /** A line that was asked for could not be opened. */
    | ({ readonly type: 'not-opened' } & NotOpened)
    /** The bytes that the line took and has not sent cross a bound. */
    | { readonly type: 'backlog'; readonly is: 'over' | 'under' | 'far over' }
    /** Audio is kept for the next line. */
    | { readonly type: 'audio-kept' }
    /** So many bytes of audio were put aside as an item's. */
    | { readonly type: 'turn-kept'; readonly itemId: string; readonly bytes: number }
    // the only input that lets deadlines pass
    | { readonly type: 'tick' }
    | { readonly type: 'gone'; readonly code: number | null; readonly reason: string; readonly line?: number }
    // what the user calls
    | { readonly type: 'rules'; readonly rules: Rules }
    | { readonly type: 'update'; readonly update: Update }
    | { readonly type: 'abandon'; readonly update: number }
    | { readonly type: 'respond'; readonly ask: Ask }
    | { readonly type: 'withdraw'; readonly request: number }
    | { readonly type: 'cancel'; readonly of: { readonly request: number } | { readonly response: string } }
    | { readonly type: 'interrupt' }
    | { readonly type: 'send'; readonly event: ClientEvent }
    | { readonly type: 'turn'; readonly edge: 'begins' | 'ends' }
    | { readonly type: 'reconsider' }
    | { readonly type: 'close'; readonly ending: Ending }
    | { readonly type: 'hang-up'; readonly asked: HangUpAsk }
    /** The carrier's mark: how much of an item has been played. */
    | { readonly type: 'heard'; readonly itemId: string; readonly ms: number }
    /** In nanodollars; null: no warning. */
    | { readonly type: 'budget'; readonly limit: number; readonly warnAt: number | null }
    // the results of commands
    | { readonly type: 'tool-returned'; readonly returned: Returned }
    /** What the store of a shared budget has set aside; 0 where it failed. */
    | { readonly type: 'leased'; readonly nanoUsd: number; readonly threw: Thrown | null }
    | { readonly type: 'call-ended'; readonly threw: Thrown | null }
    /** What the next line is told. */
    | ({ readonly type: 'history' } & HistoryGiven)
  );

/** The effects of most inputs: none. */
export const nothing: Effects = Object.freeze({
  frames: Object.freeze([]),
  notices: Object.freeze([]),
  commands: Object.freeze([]),
});

/**
 * Takes one input and returns its effects. Depends only on its arguments, and changes only the session. Facts are
 * handled first, in the order of `machines.ts`; waiting requests are reviewed once, at the end.
 */
export function step(session: Session, input: Input, ask: Asking): Effects {
  session.now = input.now;
  session.steps++;
  const isPassed = input.type === 'frame' && isOnLive(session, input) && passes(session, input.event, input.audioBytes);
  if (isPassed) return nothing;
  const work = begin(session, ask);
  take(work, input);
  settle(work);
  arrange(session);
  return isNothing(work) ? nothing : work;
}

const isNothing = ({ frames, notices, commands }: Effects): boolean =>
  frames.length === 0 && notices.length === 0 && commands.length === 0;

const lineOf = ({ line }: { readonly line?: number }): number => line ?? FIRST_LINE;
/** Only the live line is heard by all. */
const isOnLive = (session: Session, input: { readonly line?: number }): boolean => lineOf(input) === liveLine(session);

/** Handles the frames that only change a few numbers, which are most of the traffic, without allocating anything. */
function passes(session: Session, event: ServerEvent, audioBytes: number): boolean {
  session.framesRead++;
  if (audioBytes === 0) noteSaid(session, event);
  if (session.is.line === 'asked' || (audioBytes > 0 && !isPlaying(session))) return false;
  if (!isProgress(session, event)) return false;
  if (audioBytes > 0) noteAudio(session, event, audioBytes);
  session.line.heardAt = session.now;
  return true;
}

/** Handles any other frame. The response of an audio delta is registered first, in case its `created` was lost. */
function takeFrame(work: Work, event: ServerEvent, audioBytes: number): void {
  noteAlive(work);
  readFrame(work, event);
  if (audioBytes > 0 && noteAudio(work.session, event, audioBytes) === 'playing') post(work, 'playing');
}

function takeGone(work: Work, input: Extract<Input, { type: 'gone' }>): void {
  if (isOnLive(work.session, input)) gone(work, input.code, input.reason);
  else if (isRetired(work.session, lineOf(input))) post(work, 'retired-over');
  else nextGone(work, lineOf(input), input.code);
}

function settle(work: Work): void {
  spread(work);
  review(work);
  spread(work);
  for (let asked = work.newcomers.shift(); asked; asked = work.newcomers.shift()) {
    decide(work, asked);
    spread(work);
    review(work);
    spread(work);
  }
  noteQuiet(work);
  spread(work);
}

function take(work: Work, input: Input): void {
  switch (input.type) {
    case 'frame':
      if (isOnLive(work.session, input)) return takeFrame(work, input.event, input.audioBytes);
      return readBeside(work, lineOf(input), input.event);
    case 'tick':
      return onTick(work);
    case 'gone':
      return takeGone(work, input);
    case 'opened':
      return lineOpened(work, input.line);
    case 'not-opened':
      return notOpened(work, input);
    case 'rules':
      work.session.rules = input.rules;
      return beginBudget(work);
    case 'update':
      return update(work, input.update);
    case 'abandon':
      return abandon(work, input.update);
    case 'respond':
      work.newcomers.push(input.ask);
      return;
    case 'withdraw':
      return withdraw(work, input.request);
    case 'cancel':
      return cancel(work, input.of);
    case 'interrupt':
      return post(work, 'interrupted');
    case 'send':
      return sendByHand(work, input.event);
    case 'turn':
      return pressButton(work, input.edge);
    case 'close':
      return close(work, input.ending);
    case 'hang-up':
      return post(work, 'hangup-wanted', { asked: input.asked });
    case 'heard':
      return mark(work, input.itemId, input.ms);
    case 'tool-returned':
      return toolReturned(work, input.returned);
    case 'budget':
      return changeBudget(work, input.limit, input.warnAt);
    case 'leased':
      return leased(work, input.nanoUsd, input.threw);
    case 'call-ended':
      return legEnded(work, input.threw);
    case 'history':
      return historyGiven(work, input);
    case 'alive':
      return isOnLive(work.session, input) ? noteAlive(work) : undefined;
    case 'backlog':
      return noteBacklog(work, input.is);
    case 'audio-kept':
      return audioKept(work);
    case 'turn-kept':
      return turnKept(work, input.itemId, input.bytes);
    case 'reconsider':
      return;
  }
}

/** Whether no deadline is set besides the line watch. */
export const isIdle = ({ awaits }: Session): boolean => awaits === 'nothing';
/** When the next tick is needed; Infinity if never. May be too early, never too late. */
export const dueAt = ({ due }: Session): number => due;
