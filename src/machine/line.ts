import { isClosing, isOpen } from './connection.js';
import type { Part } from './part.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { command, fault, post, type Work } from './work.js';

/** Whether the peer still lives, and whether it still reads. */
export const lineTable = table<'heard' | 'asked'>('line', {
  heard: { 'line-silent': 'asked' },
  asked: { 'line-heard': 'heard' },
});
export const backlogTable = table<'under' | 'over'>('backlog', {
  under: { 'backlog-over': 'over' },
  over: { 'backlog-under': 'under' },
});

export interface Line {
  /** When anything last arrived. */
  heardAt: number;
}

/** Audio may be sent: the reader has not stalled. */
export const takesAudio = ({ is }: Session): boolean => is.backlog === 'under';

/** How long a stalled reader may stay so, and how long the end of a line may take. Milliseconds. */
const STALLED_MS = 30_000;
const CLOSING_MS = 5_000;

/** Anything has arrived: the peer lives. */
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

function elapse(work: Work): void {
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

/** Until when silence means nothing yet: before it is asked whether anybody is there, and after. */
function silentUntil({ is, since, line, rules: { limits } }: Session): number {
  return is.line === 'asked' ? since.line + limits.aliveMs : line.heardAt + limits.silentMs;
}

/** The line is of no use any more: whatever the socket still says of it, it is lost. */
function lose(work: Work, reason: string): void {
  fault(work, reason, null, 'network');
  giveUp(work, reason);
}

function giveUp(work: Work, reason: string): void {
  command(work, { do: 'give-up-line' });
  post(work, 'gone', { code: null, reason });
}

/** When the line has been silent for too long. */
const watchesAt = (session: Session): number => (isOpen(session) ? silentUntil(session) : Infinity);

function dueAt(session: Session): number {
  if (isClosing(session)) return session.since.connection + CLOSING_MS;
  return isOpen(session) ? stalledUntil(session) : Infinity;
}

export const line: Part = {
  tables: { line: lineTable, backlog: backlogTable },
  heeds: {},
  dueAt,
  watchesAt,
  elapse,
};
