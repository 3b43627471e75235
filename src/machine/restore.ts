import { emptyList } from '../collections.js';
import { unaccepted } from './configuration.js';
import { close, isAway, isOpen, liveLine } from './connection.js';
import type { Facts } from './facts.js';
import { failureNamed } from './failures.js';
import { HISTORY_MS } from './history.js';
import { sendHousekeeping } from './housekeeping.js';
import {
  askNext,
  configured,
  greeted,
  isNext,
  onConfirmed,
  restoreTable,
  STAGE_MS,
  survives,
  takeOverOrTell,
  tellShown,
} from './next-line.js';
import type { Part } from './part.js';
import { isRecord, type ServerEvent } from './read.js';
import { isFinalClose, isFinalCode, isFinalStatus, isKeyRefused, nextAt, type Refused } from './reconnect-policy.js';
import { isOfItem, type Refusal, refusalIn } from './refusals.js';
import { carryOver, doubtUnadded, isSideband, MISSES } from './sideband.js';
import type { Session } from './state.js';
import { epochOf } from './update.js';
import { command, fault, post, tell, type Work } from './work.js';

/** How long a line has lived once it is good. Milliseconds. */
const GOOD_MS = 60_000;

// The loss -------------------------------------------------------------------------------------------------------------

function onLost(work: Work, { code, reason, by }: Facts['line-lost']): void {
  const { session } = work;
  if (survives(session, code) && !(by === 'the server' && isSideband(session))) {
    session.restore.lostLine = liveLine(session);
    if (isSideband(session)) doubtUnadded(session);
    if (by !== 'the network') command(work, { do: 'shut', line: liveLine(session) });
    return isSideband(session)
      ? post(work, 'parted', { code, reason })
      : post(work, 'dropped', { code, reason, how: 'lost' });
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
  if (is.restore === 'ready' && takeOverOrTell(work) === 'taken over') post(work, 'handed-over');
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
  restore.keyRefused = false;
  restore.misses = 0;
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
function giveUp(work: Work, reported: string, again: 'later' | 'never'): void {
  const why = reported.replace(/\.$/, '');
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
  Object.assign(restore, { dueAt: now + STAGE_MS, unconfirmed: 0, known: new Map(), told: emptyList });
  post(work, 'redial-due');
  command(work, { do: 'dial', line: restore.line });
}

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
  if (--restore.unconfirmed > 0 || is.restore === 'asking') return;
  if (unaccepted(work, configuration.confirmed, echo).length > 0) return differs(work);
  if (is.restore === 'configuring') return configured(work);
  restore.echo = echo;
  restore.dueAt = Infinity;
  post(work, 'line-ready');
}

// What goes wrong ------------------------------------------------------------------------------------------------------

/** An item that is refused is missing from the conversation; anything else that is refused ends the attempt. */
function refused(work: Work, refusal: Refusal): void {
  const { restore } = work.session;
  // It had arrived before the line was lost.
  if (isSideband(work.session) && refusal.code === 'item_create_duplicate_item_id') return;
  const isItem = refusal.eventId === null ? isOfItem(refusal) : restore.told.includes(refusal.eventId);
  if (isItem) {
    return fault(work, `The server refused an item that it was told again: ${refusal.message}`);
  }
  const name = refusal.code ?? refusal.type ?? 'unknown';
  refusedNext(work, `the server refused (${name})`, meaningOf(null, refusal), { code: refusal.code });
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
  failed(work, 'it did not confirm the session', restore.mismatches > 1 ? 'final' : 'passing');
}

/** The next line is gone. */
export function nextGone(work: Work, line: number, code: number | null): void {
  if (!isNext(work.session, line)) return;
  const why = code === null ? 'the line ended without a close frame' : `the line was closed with ${code}`;
  refusedNext(work, why, isFinalClose(code) ? 'final' : 'passing', { closeCode: code });
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
  const meaning = isFinalStatus(status) ? 'final' : meaningOf(status, { code });
  refusedNext(work, message, meaning, { status, code });
}

/** The call is not found: it may have ended. */
function missed(work: Work, why: string): void {
  const { restore } = work.session;
  restore.misses++;
  if (restore.misses < MISSES) return failed(work, why, 'passing');
  command(work, { do: 'shut', line: restore.line });
  post(work, 'gone', { code: 1000, reason: '' });
}

/** Another line would be refused as well, except that the next may have another key: once. */
function refusedNext(work: Work, why: string, meaning: Meaning, refused: Refused): void {
  const { rules, restore } = work.session;
  const isRenewed = rules.keys === 'renewed' && !restore.keyRefused && isKeyRefused(refused);
  restore.keyRefused ||= isRenewed;
  failed(work, why, isRenewed ? 'passing' : meaning);
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
  failed(work, 'the server did not answer in time', 'passing');
}

const dueAt = ({ is, restore }: Session): number => (is.restore === 'none' ? Infinity : restore.dueAt);

// The end of it --------------------------------------------------------------------------------------------------------

function onTakenOver(work: Work, { line, after }: Facts['taken-over']): void {
  const { session } = work;
  if (isSideband(session)) carryOver(session, line);
  const { restore, now } = session;
  for (const frame of restore.held.splice(0)) sendHousekeeping(work, frame);
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
    parted: (work, { code, reason }) => onDropped(work, { code, reason, how: 'lost' }),
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
