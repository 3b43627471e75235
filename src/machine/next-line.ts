import { emptyList } from '../collections.js';
import type { Thrown } from './asking.js';
import { FIRST_LINE, isOpen } from './connection.js';
import { type Known, nothingTold } from './conversation.js';
import type { ClientEvent } from './effects.js';
import type { Facts } from './facts.js';
import { isEndingLeg } from './hang-up.js';
import { HISTORY_MS, itemsIn, toldInstead } from './history.js';
import { type Json, noJson } from './read.js';
import { isFinalClose } from './reconnect-policy.js';
import { tellings } from './retelling.js';
import { endsCall, isSideband } from './sideband.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { epochOf } from './update.js';
import { command, fault, makeId, post, type Work } from './work.js';

/** What ends an attempt, whatever the next line had come to. */
const ends = { 'restore-failed': 'waiting', 'rotation-failed': 'none', 'refused-beside': 'none' } as const;
const over = { close: 'none', gone: 'none' } as const;

/**
 * The next line: once the live one is lost, or is near its end, another is dialled, configured as the session last was, and
 * told the conversation; then it takes over, or stands ready beside the live one until that is quiet. Until then nobody
 * else hears it.
 */
export const restoreTable = table<'none' | 'waiting' | 'dialling' | 'configuring' | 'asking' | 'telling' | 'ready'>(
  'restore',
  {
    none: { dropped: 'waiting', parted: 'waiting', 'rotation-due': 'waiting' },
    waiting: { 'redial-due': 'dialling', 'rotation-failed': 'none', ...over },
    dialling: { 'line-greeted': 'configuring', ...ends, ...over },
    configuring: { 'line-configured': 'telling', 'history-wanted': 'asking', ...ends, ...over },
    asking: { 'history-given': 'telling', ...ends, ...over },
    telling: { 'line-ready': 'ready', reconfigured: 'configuring', ...ends, ...over },
    ready: { 'taken-over': 'none', retold: 'telling', reconfigured: 'configuring', ...ends, ...over },
  },
);

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
  /** When the next line was greeted. */
  greetedAt: number;
  /** How many updates it has not confirmed yet: only the last of them counts. */
  unconfirmed: number;
  /** The session, as it last described it. */
  echo: Json;
  /** What it knows of the conversation, and the `event_id`s by which it was told. */
  known: Known;
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
  greetedAt: 0,
  unconfirmed: 0,
  echo: noJson,
  known: nothingTold,
  told: emptyList,
  shown: emptyList,
  held: [],
  isFinal: false,
});

/** How long a line may take for each thing that is asked of it. Milliseconds. */
export const STAGE_MS = 5_000;
/** How long a line that is ready is taken to live. */
const FRESH_MS = 10_000;

/** Whether the session outlives the loss of its line, by what the line was closed with. */
export function survives(session: Session, code: number | null): boolean {
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

export const isNext = ({ restore, is }: Session, line: number): boolean =>
  line === restore.line && is.restore !== 'none' && is.restore !== 'waiting';

// What it is asked and told --------------------------------------------------------------------------------------------

/** While no line is live, the one that is ready takes over as soon as it knows everything. */
export function takeOverOrTell(work: Work): 'taken over' | 'told' {
  const { restore } = work.session;
  if (tellNews(work) === 'told') return 'told';
  post(work, 'taken-over', { line: restore.line, session: restore.echo, after: 'a loss' });
  return 'taken over';
}

/** Tells the line that is ready what it has not been told, and asks one that has been for long whether it lives. */
export function freshen(work: Work): void {
  const { now, since } = work.session;
  const isOld = now - since.restore >= FRESH_MS;
  if (tellNews(work) === 'told' || !isOld) return;
  askNext(work, {});
  post(work, 'retold');
}

/** Tells the line that is ready what it has not been told. */
function tellNews(work: Work): 'told' | 'nothing new' {
  if (!tellOn(work)) return 'nothing new';
  post(work, 'retold');
  return 'told';
}

function write(work: Work, frame: ClientEvent): string {
  const eventId = makeId(work.session);
  command(work, { do: 'write', line: work.session.restore.line, frame: { ...frame, event_id: eventId } });
  return eventId;
}

export function askNext(work: Work, session: object): void {
  const { restore, now } = work.session;
  write(work, { type: 'session.update', session: { ...session, type: 'realtime' } });
  restore.unconfirmed++;
  restore.dueAt = now + STAGE_MS;
}

/** A control line is not greeted: it is asked what stands there. */
export function lineOpened(work: Work, line: number): void {
  const { session } = work;
  if (!isSideband(session) || !isNext(session, line) || session.is.restore !== 'dialling') return;
  post(work, 'line-greeted');
  askNext(work, {});
}

export function greeted(work: Work): void {
  post(work, 'line-greeted');
  work.session.restore.greetedAt = work.session.now;
  askNext(work, work.session.configuration.confirmed);
}

export function configured(work: Work): void {
  const { session } = work;
  const isBeside = isOpen(session);
  const frames = newTellings(session, isBeside ? 'what is over' : 'all');
  const isAsked =
    session.rules.reconnect?.history === 'asked' && !isSideband(session) && session.restore.told.length === 0;
  if (isAsked && frames.length > 0) return askHistory(work, frames);
  post(work, 'line-configured');
  tellAll(work, frames);
}

/** What is in force on the live line must be so on the next. */
export function onConfirmed(work: Work, { update }: Facts['echo-matches']): void {
  const { is, configuration, restore } = work.session;
  if (update === null || is.restore === 'none' || is.restore === 'waiting' || is.restore === 'dialling') return;
  const { dueAt } = restore;
  post(work, 'reconfigured');
  askNext(work, configuration.confirmed);
  if (is.restore === 'asking') restore.dueAt = dueAt;
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

export function tellShown(work: Work, frames: readonly ClientEvent[]): void {
  post(work, 'history-given');
  work.session.restore.shown = emptyList;
  tellAll(work, frames);
}

/** Tells what the next line has not been told, and asks whether all of it has arrived. Returns whether there was any. */
function tellOn(work: Work): boolean {
  const frames = newTellings(work.session, 'all');
  if (frames.length > 0) tellAll(work, frames);
  return frames.length > 0;
}

const newTellings = (session: Session, what: 'all' | 'what is over'): readonly ClientEvent[] =>
  tellings(session, { what, known: session.restore.known, makeId: () => makeId(session) });

function tellAll(work: Work, frames: readonly ClientEvent[]): void {
  const { restore } = work.session;
  restore.told = [...restore.told, ...frames.map((frame) => write(work, frame))];
  askNext(work, {});
}
