import { isClosing, isOpen } from './connection.js';
import type { Part } from './part.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { command, fault, post, type Work } from './work.js';

/** Whether the peer is alive and still reads. `asked`: a probe has been sent and not answered. */
export const lineTable = table<'heard' | 'asked'>('line', {
  heard: { 'line-silent': 'asked' },
  asked: { 'line-heard': 'heard', dropped: 'heard', parted: 'heard' },
});
export const backlogTable = table<'under' | 'over'>('backlog', {
  under: { 'backlog-over': 'over' },
  over: { 'backlog-under': 'under', dropped: 'under', parted: 'under' },
});

export interface Line {
  /** When the last sign of life arrived. */
  heardAt: number;
}

/** Whether audio may be sent: false while the peer reads too slowly. */
export const takesAudio = ({ is }: Session): boolean => is.backlog === 'under';

/** How long a peer may stop reading, and how long closing the connection may take. Milliseconds. */
const STALLED_MS = 30_000;
const CLOSING_MS = 5_000;

/** Notes that something arrived, so the peer is alive. */
export function noteAlive(work: Work): void {
  work.session.line.heardAt = work.session.now;
  if (work.session.is.line === 'asked') post(work, 'line-heard');
}

export function noteBacklog(work: Work, is: 'over' | 'under' | 'far over'): void {
  if (!isOpen(work.session)) return;
  if (is === 'far over') return lose(work, 'The peer has stopped reading, and too much waits to be sent.');
  if (is === 'over' && takesAudio(work.session)) {
    fault(work, 'The peer does not read what is sent: audio is dropped until it does.', null, 'network');
  }
  post(work, is === 'over' ? 'backlog-over' : 'backlog-under');
}

function onTick(work: Work): void {
  const { session } = work;
  const { now, rules } = session;
  if (isClosing(session) && now >= session.since.connection + CLOSING_MS) return giveUp(work, 'it did not close');
  if (!isOpen(session)) return;
  if (now >= stalledUntil(session)) return lose(work, 'The peer has stopped reading.');
  if (now < silentUntil(session)) return;
  if (session.is.line === 'asked') return lose(work, `The peer has been silent for ${now - session.line.heardAt} ms.`);
  post(work, 'line-silent');
  if (rules.pings === 'can ask') command(work, { do: 'ping' });
  else post(work, 'probe-wanted');
}

const stalledUntil = ({ is, since }: Session): number =>
  is.backlog === 'over' ? since.backlog + STALLED_MS : Infinity;

/** When silence becomes significant: first to send a probe, then to give up. */
function silentUntil({ is, since, line, rules: { limits } }: Session): number {
  return is.line === 'asked' ? since.line + limits.aliveMs : line.heardAt + limits.silentMs;
}

/** Declares the connection lost, whatever the socket still reports. */
function lose(work: Work, reason: string): void {
  fault(work, reason, null, 'network');
  giveUp(work, reason);
}

const giveUp = (work: Work, reason: string): void => post(work, 'line-lost', { code: null, reason, by: 'us' });

/** When the connection will have been silent for too long. */
const watchesAt = (session: Session): number => (isOpen(session) ? silentUntil(session) : Infinity);

function dueAt(session: Session): number {
  if (isClosing(session)) return session.since.connection + CLOSING_MS;
  return isOpen(session) ? stalledUntil(session) : Infinity;
}

export const line: Part = {
  tables: { line: lineTable, backlog: backlogTable },
  handlers: { 'taken-over': ({ session }) => void (session.line.heardAt = session.now) },
  dueAt,
  watchesAt,
  onTick,
};
