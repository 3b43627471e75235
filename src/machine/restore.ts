import { close, FIRST_LINE, isAway, isOpen, liveLine } from './connection.js';
import { unaccepted } from './configuration.js';
import type { ClientEvent } from './effects.js';
import type { Facts } from './facts.js';
import { failureNamed } from './failures.js';
import { isEndingLeg } from './hang-up.js';
import type { Part } from './part.js';
import { isRecord, type Json, type ServerEvent } from './read.js';
import { isFinalClose, isFinalCode, isFinalStatus, nextAt } from './reconnect-policy.js';
import { type Refusal, refusalIn, subjectOf } from './refusals.js';
import { tellings } from './retelling.js';
import type { Known } from './conversation.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { epochOf } from './update.js';
import { command, fault, makeId, post, tell, type Work } from './work.js';

/** What ends an attempt, whatever the next line had come to. */
const ends = { 'restore-failed': 'waiting', 'rotation-failed': 'none', 'refused-beside': 'none' } as const;
const over = { close: 'none', gone: 'none' } as const;

/**
 * The next line: once the live one is lost, or is near its end, another is dialled, configured as the session last was, and
 * told the conversation; then it takes over, or stands ready beside the live one until that is quiet. Until then nobody
 * else hears it.
 */
export const restoreTable = table<'none' | 'waiting' | 'dialling' | 'configuring' | 'telling' | 'ready'>('restore', {
  none: { dropped: 'waiting', 'rotation-due': 'waiting' },
  waiting: { 'redial-due': 'dialling', 'rotation-failed': 'none', ...over },
  dialling: { 'line-greeted': 'configuring', ...ends, ...over },
  configuring: { 'line-configured': 'telling', ...ends, ...over },
  telling: { 'line-ready': 'ready', reconfigured: 'configuring', ...ends, ...over },
  ready: { 'taken-over': 'none', retold: 'telling', reconfigured: 'configuring', ...ends, ...over },
});

export interface Restore {
  /** The number of the line that was dialled last. */
  line: number;
  /** When the wait, or what the next line is waited for, is over. */
  dueAt: number;
  lostAt: number;
  /** How the live line was lost. */
  lost: { readonly code: number | null; readonly reason: string };
  /** When a line last took over. */
  backAt: number;
  /** Counts attempts since a line last proved good, and in all. */
  inARow: number;
  inAll: number;
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
  /** The server has said that it serves nobody here any more. */
  isFinal: boolean;
}

export const firstRestore = (): Restore => ({
  line: FIRST_LINE,
  dueAt: Infinity,
  lostAt: 0,
  lost: { code: null, reason: '' },
  backAt: 0,
  inARow: 0,
  inAll: 0,
  mismatches: 0,
  greetedAt: 0,
  unconfirmed: 0,
  echo: {},
  known: new Map(),
  told: [],
  isFinal: false,
});

/** How long a line may take for each thing that is asked of it, and how long it has lived once it is good. Milliseconds. */
const STAGE_MS = 5_000;
const GOOD_MS = 60_000;
/** How long a line that is ready is taken to live. */
const FRESH_MS = 10_000;

/** Whether the session outlives the loss of its line, by what the line was closed with. */
export function survives(session: Session, code: number | null): boolean {
  const { rules, is, restore } = session;
  return (
    is.connection === 'open' &&
    rules.reconnect !== null &&
    rules.line === 'own' &&
    epochOf(session) > 0 &&
    !isEndingLeg(session) &&
    !restore.isFinal &&
    !isFinalClose(code)
  );
}

// The loss -------------------------------------------------------------------------------------------------------------

function onLost(work: Work, { code, reason, by }: Facts['line-lost']): void {
  const { session } = work;
  if (survives(session, code)) {
    if (by !== 'the network') command(work, { do: 'shut', line: liveLine(session) });
    return post(work, 'dropped', { code, reason, how: 'lost' });
  }
  if (by === 'the server') return close(work, { kind: 'expired' });
  if (by === 'us') command(work, { do: 'give-up-line' });
  post(work, 'gone', { code, reason });
}

/** A line that is being made ready already goes on, and takes the place of the one that was lost. */
function onDropped(work: Work, { code, reason, how }: Facts['dropped']): void {
  const { restore, is } = work.session;
  if (how === 'moved') return;
  restore.lost = { code, reason };
  tell(work, { kind: 'away', code, reason });
  begin(work);
  if (is.restore === 'waiting') retryOrGiveUp(work, null);
  if (is.restore === 'ready') takeOverOrTell(work);
}

function onRotationDue(work: Work): void {
  begin(work);
  retryOrGiveUp(work, null);
}

/** The attempts from here have their time, and their number. */
function begin({ session: { restore, now } }: Work): void {
  if (now - restore.backAt >= GOOD_MS) restore.inARow = 0;
  restore.lostAt = now;
  restore.mismatches = 0;
}

/** Waits for the next attempt, as long as there is one. */
function retryOrGiveUp(work: Work, why: string | null): void {
  const { restore, rules, now } = work.session;
  const dueAt = rules.reconnect && nextAt(rules.reconnect, restore, now);
  if (dueAt === null) return giveUp(work, why ?? 'too often', why === null ? 'never' : 'later');
  if (why !== null) post(work, 'restore-failed');
  restore.dueAt = dueAt;
}

/** Without a live line the session ends. */
function giveUp(work: Work, why: string, again: 'later' | 'never'): void {
  if (isOpen(work.session)) return post(work, 'rotation-failed', { why, again });
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
  Object.assign(restore, { dueAt: now + STAGE_MS, unconfirmed: 0, known: new Map(), told: [] });
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
  if (event.type === 'session.updated' && session.restore.unconfirmed > 0) readEcho(work, event);
}

function readEcho(work: Work, event: ServerEvent): void {
  const { session } = work;
  const { restore, configuration, is } = session;
  const echo = isRecord(event['session']) ? event['session'] : {};
  if (--restore.unconfirmed > 0) return;
  if (unaccepted(work, configuration.confirmed, echo).length > 0) return mismatched(work);
  if (is.restore === 'configuring') return configured(work);
  restore.echo = echo;
  restore.dueAt = Infinity;
  post(work, 'line-ready');
}

/** While no line is live, the one that is ready takes over as soon as it knows everything. */
function takeOverOrTell(work: Work): void {
  const { restore } = work.session;
  if (tellNews(work) === 'told') return;
  post(work, 'taken-over', { line: restore.line, session: restore.echo, after: 'a loss' });
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
  if (!tellOn(work, 'all')) return 'nothing new';
  post(work, 'retold');
  return 'told';
}

function write(work: Work, frame: ClientEvent): string {
  const eventId = makeId(work.session);
  command(work, { do: 'write', line: work.session.restore.line, frame: { ...frame, event_id: eventId } });
  return eventId;
}

function askNext(work: Work, session: object): void {
  const { restore, now } = work.session;
  write(work, { type: 'session.update', session: { ...session, type: 'realtime' } });
  restore.unconfirmed++;
  restore.dueAt = now + STAGE_MS;
}

function greeted(work: Work): void {
  post(work, 'line-greeted');
  work.session.restore.greetedAt = work.session.now;
  askNext(work, work.session.configuration.confirmed);
}

function configured(work: Work): void {
  post(work, 'line-configured');
  if (!tellOn(work, isAway(work.session) ? 'all' : 'what is over')) askNext(work, {});
}

/** What is in force on the live line must be so on the next. */
function onConfirmed(work: Work, { update }: Facts['echo-matches']): void {
  const { is, configuration } = work.session;
  if (update === null || is.restore === 'none' || is.restore === 'waiting' || is.restore === 'dialling') return;
  post(work, 'reconfigured');
  askNext(work, configuration.confirmed);
}

/** Tells what the next line has not been told, and asks whether all of it has arrived. Returns whether there was any. */
function tellOn(work: Work, what: 'all' | 'what is over'): boolean {
  const { session } = work;
  const { restore } = session;
  const frames = tellings(session, { what, known: restore.known, makeId: () => makeId(session) });
  if (frames.length === 0) return false;
  for (const frame of frames) restore.told = [...restore.told, write(work, frame)];
  askNext(work, {});
  return true;
}

// What goes wrong ------------------------------------------------------------------------------------------------------

/** An item that is refused is missing from the conversation; anything else that is refused ends the attempt. */
function refused(work: Work, refusal: Refusal): void {
  const { restore } = work.session;
  const isItem = refusal.eventId === null ? subjectOf(refusal) === 'item' : restore.told.includes(refusal.eventId);
  if (isItem) {
    return fault(work, `The server refused an item that it was told again: ${refusal.message}`);
  }
  const name = refusal.code ?? refusal.type ?? 'unknown';
  failed(work, `the server refused (${name})`, meaningOf(null, refusal));
}

/** What stands on the next line is not what had been confirmed: once more, and then no more. */
function mismatched(work: Work): void {
  const { restore } = work.session;
  restore.mismatches++;
  if (restore.mismatches > 1) fault(work, 'The server no longer confirms what it had confirmed.');
  failed(work, 'it did not confirm the session', restore.mismatches > 1 ? 'final' : 'passing');
}

/** The next line is gone. */
export function nextGone(work: Work, line: number, code: number | null): void {
  if (!isNext(work.session, line)) return;
  const why = code === null ? 'the line ended without a close frame' : `the line was closed with ${code}`;
  failed(work, why, isFinalClose(code) ? 'final' : 'passing');
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
  if (!isNext(work.session, line)) return;
  failed(work, message, isFinalStatus(status) ? 'final' : meaningOf(status, { code }));
}

/** `crowded`: the server takes no more lines at once. */
type Meaning = 'final' | 'passing' | 'crowded';

function meaningOf(status: number | null, refusal: Pick<Refusal, 'code'> & Partial<Refusal>): Meaning {
  if (isFinalCode(refusal)) return 'final';
  return status === 429 || failureNamed(refusal) === 'rate-limit' ? 'crowded' : 'passing';
}

function failed(work: Work, why: string, meaning: Meaning): void {
  command(work, { do: 'shut', line: work.session.restore.line });
  if (meaning === 'final') giveUp(work, why, 'never');
  else if (meaning === 'crowded' && isOpen(work.session)) post(work, 'refused-beside');
  else retryOrGiveUp(work, why);
}

function onTick(work: Work): void {
  const { is, restore, now } = work.session;
  if (is.restore === 'none' || now < restore.dueAt) return;
  if (is.restore === 'waiting') dial(work);
  else failed(work, 'the server did not answer in time', 'passing');
}

const dueAt = ({ is, restore }: Session): number => (is.restore === 'none' ? Infinity : restore.dueAt);

// The end of it --------------------------------------------------------------------------------------------------------

function onTakenOver(work: Work, { after }: Facts['taken-over']): void {
  const { session } = work;
  const { restore, now } = session;
  restore.backAt = now;
  const epoch = epochOf(session);
  if (after === 'a rotation') tell(work, { kind: 'rotated', epoch });
  else tell(work, { kind: 'back', epoch, awayMs: Math.round(now - restore.lostAt) });
}

/** The server answers nobody here any more, and may say so only once and then close. */
function onComplained({ session }: Work, { refusal }: Facts['complained']): void {
  if (isFinalCode(refusal)) session.restore.isFinal = true;
}

/** The session has ended, and nobody waits for the next line. */
function onClose(work: Work): void {
  const { restore, connection } = work.session;
  if (restore.line > connection.live) command(work, { do: 'shut', line: restore.line });
}

export const restore: Part = {
  tables: { restore: restoreTable },
  handlers: {
    'line-lost': onLost,
    dropped: onDropped,
    'rotation-due': onRotationDue,
    'line-ready': (work) => {
      if (isAway(work.session)) takeOverOrTell(work);
    },
    'echo-matches': onConfirmed,
    'taken-over': onTakenOver,
    over: ({ session }, { outcome }) => {
      if (outcome.status === 'completed') session.restore.inARow = 0;
    },
    complained: onComplained,
    close: onClose,
    gone: onClose,
  },
  dueAt,
  onTick,
};
