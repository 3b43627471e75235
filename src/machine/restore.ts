import { close, FIRST_LINE, liveLine } from './connection.js';
import { unaccepted } from './configuration.js';
import type { Thrown } from './asking.js';
import type { ClientEvent } from './effects.js';
import type { Facts } from './facts.js';
import { isEndingLeg } from './hang-up.js';
import { HISTORY_MS, itemsIn, toldInstead } from './history.js';
import type { Part } from './part.js';
import { sendHousekeeping } from './housekeeping.js';
import { isRecord, type Json, type ServerEvent } from './read.js';
import { isFinalClose, isFinalCode, isFinalStatus, isKeyRefused, nextAt, type Refused } from './reconnect-policy.js';
import { type Refusal, refusalIn, subjectOf } from './refusals.js';
import { tellings } from './retelling.js';
import { carryOver, doubtUnadded, endsCall, isSideband, MISSES } from './sideband.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { epochOf } from './update.js';
import { command, fault, makeId, post, tell, type Work } from './work.js';

/**
 * The next line: once the live one is lost, another is dialled, configured as the session last was, and told the
 * conversation; then it takes over. Until then nobody else hears it.
 */
export const restoreTable = table<'none' | 'waiting' | 'dialling' | 'configuring' | 'asking' | 'telling'>('restore', {
  none: { dropped: 'waiting', parted: 'waiting' },
  waiting: { 'redial-due': 'dialling', gone: 'none' },
  dialling: { 'line-greeted': 'configuring', 'restore-failed': 'waiting', gone: 'none' },
  configuring: {
    'line-configured': 'telling',
    'history-wanted': 'asking',
    'restore-failed': 'waiting',
    gone: 'none',
  },
  asking: { 'history-given': 'telling', 'restore-failed': 'waiting', gone: 'none' },
  telling: { 'taken-over': 'none', 'restore-failed': 'waiting', gone: 'none' },
});

export interface Restore {
  /** The number of the line that was dialled last. */
  line: number;
  /** When the wait, or what the next line is waited for, is over. */
  dueAt: number;
  lostAt: number;
  /** The number of the line that was live. */
  lostLine: number;
  /** How the live line was lost. */
  lost: { readonly code: number | null; readonly reason: string };
  /** When a line last took over. */
  backAt: number;
  /** Counts attempts since a line last proved good, and in all. */
  inARow: number;
  inAll: number;
  /** How often in a row the call was not found. */
  misses: number;
  /** The key was refused, since the live line was lost. */
  keyRefused: boolean;
  /** How often in a row the server has confirmed something else. */
  mismatches: number;
  /** The `event_id` of the update that is waited for. */
  asked: string;
  /** The `event_id`s of the items that were told. */
  told: readonly string[];
  /** What the program is asked about: it would be told. */
  shown: readonly ClientEvent[];
  /** What a call is to be told once its control line is back, such as a cancel. */
  readonly held: ClientEvent[];
  /** The server has said that it serves nobody here any more. */
  isFinal: boolean;
}

export const firstRestore = (): Restore => ({
  line: FIRST_LINE,
  dueAt: Infinity,
  lostAt: 0,
  lostLine: FIRST_LINE,
  lost: { code: null, reason: '' },
  backAt: 0,
  inARow: 0,
  inAll: 0,
  misses: 0,
  keyRefused: false,
  mismatches: 0,
  asked: '',
  told: [],
  shown: [],
  held: [],
  isFinal: false,
});

/** How long a line may take for each thing that is asked of it, and how long it has lived once it is good. Milliseconds. */
const STAGE_MS = 5_000;
const GOOD_MS = 60_000;

/** Whether the session outlives the loss of its line, by what the line was closed with. */
function survives(session: Session, code: number | null): boolean {
  const { rules, is, restore } = session;
  return (
    is.connection === 'open' &&
    rules.reconnect !== null &&
    epochOf(session) > 0 &&
    !isEndingLeg(session) &&
    !restore.isFinal &&
    !isFinalClose(code) &&
    !endsCall(session, code)
  );
}

// The loss -------------------------------------------------------------------------------------------------------------

function onLost(work: Work, { code, reason, by }: Facts['line-lost']): void {
  const { session } = work;
  if (survives(session, code) && !(by === 'the server' && isSideband(session))) {
    session.restore.lostLine = liveLine(session);
    if (isSideband(session)) doubtUnadded(session);
    if (by !== 'the network') command(work, { do: 'shut', line: liveLine(session) });
    return post(work, isSideband(session) ? 'parted' : 'dropped', { code, reason });
  }
  if (by === 'the server') return close(work, { kind: 'expired' });
  if (by === 'us') command(work, { do: 'give-up-line' });
  post(work, 'gone', { code, reason });
}

function onDropped(work: Work, { code, reason }: Facts['dropped']): void {
  const { restore, now } = work.session;
  if (now - restore.backAt >= GOOD_MS) restore.inARow = 0;
  restore.lostAt = now;
  restore.lost = { code, reason };
  restore.mismatches = 0;
  restore.keyRefused = false;
  restore.misses = 0;
  tell(work, { kind: 'away', code, reason });
  retryOrGiveUp(work, null);
}

/** Waits for the next attempt, as long as there is one. */
function retryOrGiveUp(work: Work, why: string | null): void {
  const { restore, rules, now } = work.session;
  const dueAt = rules.reconnect && nextAt(rules.reconnect, restore, now);
  if (dueAt === null) return giveUp(work, why ?? 'too often in a row');
  if (why !== null) post(work, 'restore-failed');
  restore.dueAt = dueAt;
}

function giveUp(work: Work, why: string): void {
  const { code, reason } = work.session.restore.lost;
  fault(work, `The connection was lost, and could not be made again: ${why}.`, null, 'network');
  post(work, 'gone', { code, reason });
}

// The next line --------------------------------------------------------------------------------------------------------

function dial(work: Work): void {
  const { restore, now } = work.session;
  restore.inARow++;
  restore.inAll++;
  restore.line++;
  restore.dueAt = now + STAGE_MS;
  post(work, 'redial-due');
  command(work, { do: 'dial', line: restore.line });
}

const isNext = ({ restore, is }: Session, line: number): boolean =>
  line === restore.line && is.restore !== 'none' && is.restore !== 'waiting';

/** Reads a frame of the next line. Those of any other line are heard by nobody. */
export function readNext(work: Work, line: number, event: ServerEvent): void {
  const { session } = work;
  if (!isNext(session, line)) return;
  if (event.type === 'error') return refused(work, refusalIn(event));
  if (event.type === 'session.created' && session.is.restore === 'dialling') return greeted(work);
  if (event.type !== 'session.updated' || UNASKED.has(session.is.restore)) return;
  const echo = isRecord(event['session']) ? event['session'] : {};
  if (unaccepted(work, session.configuration.confirmed, echo).length > 0) return differs(work);
  if (session.is.restore === 'configuring') return configured(work);
  if (!tellOn(work)) post(work, 'taken-over', { line, session: echo });
}

/** While nothing is waited for, an echo says nothing. */
const UNASKED: ReadonlySet<string> = new Set(['dialling', 'asking']);

function write(work: Work, frame: ClientEvent): string {
  const eventId = makeId(work.session);
  command(work, { do: 'write', line: work.session.restore.line, frame: { ...frame, event_id: eventId } });
  return eventId;
}

function askNext(work: Work, session: object): void {
  const { restore, now } = work.session;
  restore.asked = write(work, { type: 'session.update', session: { ...session, type: 'realtime' } });
  restore.dueAt = now + STAGE_MS;
}

/** A control line is not greeted: it is asked what stands there. */
export function lineOpened(work: Work, line: number): void {
  const { session } = work;
  if (!isSideband(session) || !isNext(session, line) || session.is.restore !== 'dialling') return;
  post(work, 'line-greeted');
  askNext(work, {});
}

function greeted(work: Work): void {
  post(work, 'line-greeted');
  askNext(work, work.session.configuration.confirmed);
}

function configured(work: Work): void {
  const { session } = work;
  const frames = newTellings(session);
  session.restore.told = [];
  const isAsked = session.rules.reconnect?.history === 'asked' && !isSideband(session);
  if (isAsked && frames.length > 0) return askHistory(work, frames);
  post(work, 'line-configured');
  tellAll(work, frames);
}

/** Shows the program what would be told. */
function askHistory(work: Work, frames: readonly ClientEvent[]): void {
  const { restore, now } = work.session;
  post(work, 'history-wanted');
  restore.shown = frames;
  restore.dueAt = now + HISTORY_MS;
  command(work, { do: 'ask-history', line: restore.line, items: itemsIn(frames) });
}

/** What the program says in place of it; null: it failed. */
export interface HistoryGiven {
  readonly line: number;
  readonly items: readonly Json[] | null;
  readonly threw: Thrown | null;
}

export function historyGiven(work: Work, { line, items, threw }: HistoryGiven): void {
  const { session } = work;
  const { restore } = session;
  if (!isNext(session, line) || session.is.restore !== 'asking') return;
  if (threw)
    fault(work, `history() of reconnect failed, and the conversation is told as it was: ${threw.words}`, threw);
  tellShown(work, items ? toldInstead(session, restore.shown, items, () => makeId(session)) : restore.shown);
}

function tellShown(work: Work, frames: readonly ClientEvent[]): void {
  post(work, 'history-given');
  work.session.restore.shown = [];
  tellAll(work, frames);
}

/** Tells what the next line has not been told, and asks whether all of it has arrived. Returns whether there was any. */
function tellOn(work: Work): boolean {
  const frames = newTellings(work.session);
  if (frames.length > 0) tellAll(work, frames);
  return frames.length > 0;
}

const newTellings = (session: Session): readonly ClientEvent[] =>
  tellings(session, session.restore.line, () => makeId(session));

function tellAll(work: Work, frames: readonly ClientEvent[]): void {
  const { restore } = work.session;
  for (const frame of frames) restore.told = [...restore.told, write(work, frame)];
  askNext(work, {});
}

// What goes wrong ------------------------------------------------------------------------------------------------------

/** An item that is refused is missing from the conversation; anything else that is refused ends the attempt. */
function refused(work: Work, refusal: Refusal): void {
  const { restore } = work.session;
  // It had arrived before the line was lost.
  if (isSideband(work.session) && refusal.code === 'item_create_duplicate_item_id') return;
  const isItem = refusal.eventId === null ? subjectOf(refusal) === 'item' : restore.told.includes(refusal.eventId);
  if (isItem) {
    return fault(work, `The server refused an item that it was told again: ${refusal.message}`);
  }
  const name = refusal.code ?? refusal.type ?? 'unknown';
  refusedNext(work, `the server refused (${name})`, isFinalCode(refusal), { code: refusal.code });
}

/** Another party may have changed a call's session: what had been confirmed is sent once. */
function differs(work: Work): void {
  const { restore, is, configuration } = work.session;
  if (!isSideband(work.session) || is.restore !== 'configuring' || restore.mismatches > 0) return mismatched(work);
  restore.mismatches++;
  askNext(work, configuration.confirmed);
}

/** What stands on the next line is not what had been confirmed: once more, and then no more. */
function mismatched(work: Work): void {
  const { restore } = work.session;
  restore.mismatches++;
  if (restore.mismatches > 1) fault(work, 'The server no longer confirms what it had confirmed.');
  failed(work, { why: 'it did not confirm the session', final: restore.mismatches > 1 ? 'final' : 'passing' });
}

/** The next line is gone. */
export function nextGone(work: Work, line: number, code: number | null): void {
  if (!isNext(work.session, line)) return;
  const why = code === null ? 'the line ended without a close frame' : `the line was closed with ${code}`;
  refusedNext(work, why, isFinalClose(code), { closeCode: code });
}

/** What a line could not be opened for. */
export interface NotOpened {
  readonly line: number;
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string;
}

/** The next line could not be opened. */
export function notOpened(work: Work, { line, status, code, message }: NotOpened): void {
  const { session } = work;
  if (!isNext(session, line)) return;
  if (isSideband(session) && status === 404) return missed(work, message);
  refusedNext(work, message, isFinalStatus(status) || isFinalCode({ code }), { status, code });
}

/** The call is not found: it may have ended. */
function missed(work: Work, why: string): void {
  const { restore } = work.session;
  restore.misses++;
  if (restore.misses < MISSES) return failed(work, { why, final: 'passing' });
  command(work, { do: 'shut', line: restore.line });
  post(work, 'gone', { code: 1000, reason: '' });
}

/** Another line would be refused as well, except that the next may have another key: once. */
function refusedNext(work: Work, why: string, isFinal: boolean, refused: Refused): void {
  const { rules, restore } = work.session;
  const isRenewed = rules.keys === 'renewed' && !restore.keyRefused && isKeyRefused(refused);
  restore.keyRefused ||= isRenewed;
  failed(work, { why, final: isFinal && !isRenewed ? 'final' : 'passing' });
}

function failed(work: Work, { why, final }: { readonly why: string; readonly final: 'final' | 'passing' }): void {
  command(work, { do: 'shut', line: work.session.restore.line });
  if (final === 'final') giveUp(work, why);
  else retryOrGiveUp(work, why);
}

function onTick(work: Work): void {
  const { is, restore, now } = work.session;
  if (is.restore === 'none' || now < restore.dueAt) return;
  if (is.restore === 'waiting') return dial(work);
  if (is.restore === 'asking') {
    fault(
      work,
      `history() of reconnect gave nothing within ${HISTORY_MS} ms: the conversation is told as it was.`,
      null,
      'user',
    );
    return tellShown(work, restore.shown);
  }
  failed(work, { why: 'the server did not answer in time', final: 'passing' });
}

const dueAt = ({ is, restore }: Session): number => (is.restore === 'none' ? Infinity : restore.dueAt);

// The end of it --------------------------------------------------------------------------------------------------------

function onTakenOver(work: Work, { line }: Facts['taken-over']): void {
  const { session } = work;
  if (isSideband(session)) carryOver(session, line);
  const { restore, now } = session;
  for (const frame of restore.held.splice(0)) sendHousekeeping(work, frame);
  restore.backAt = now;
  tell(work, { kind: 'back', epoch: epochOf(session), awayMs: Math.round(now - restore.lostAt) });
}

/** The server answers nobody here any more, and may say so only once and then close. */
function onComplained({ session }: Work, { refusal }: Facts['complained']): void {
  if (isFinalCode(refusal)) session.restore.isFinal = true;
}

/** The session has ended, and nobody waits for the next line. */
function onClose(work: Work): void {
  const { restore, connection } = work.session;
  if (connection.live === 0) command(work, { do: 'shut', line: restore.line });
}

export const restore: Part = {
  tables: { restore: restoreTable },
  handlers: {
    'line-lost': onLost,
    dropped: onDropped,
    parted: onDropped,
    'taken-over': onTakenOver,
    over: ({ session }, { outcome }) => {
      if (outcome.status === 'completed') session.restore.inARow = 0;
    },
    complained: onComplained,
    close: onClose,
  },
  dueAt,
  onTick,
};
