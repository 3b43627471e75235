import { answerIsImminent } from './automatic-answer.js';
import { isOpen, liveLine } from './connection.js';
import { transcriptDueAt } from './conversation.js';
import type { Facts } from './facts.js';
import { hangUpIsPending } from './hang-up.js';
import type { Part } from './part.js';
import type { Json } from './read.js';
import { drawn, type ReconnectRules } from './reconnect-policy.js';
import { nobodyWaits, out } from './request.js';
import { openResponses } from './response.js';
import { freshen, survives } from './next-line.js';
import { isSideband } from './sideband.js';
import type { Session } from './state.js';
import { table } from './table.js';
import { runningCalls } from './tool-state.js';
import { isPlaying } from './track.js';
import { epochOf, isSettled } from './update.js';
import { userSpeaks } from './user-turn.js';
import { command, fault, post, tell, type Work } from './work.js';

/**
 * The end that the server sets to every line. `beside`: another line is made ready beside the live one, and takes over as
 * soon as it is quiet. `after`: the server takes no two lines at once, so the next one comes after this one. `expiring`: no
 * other will take its place before it ends, and the program has been told.
 */
export const rotationTable = table<'early' | 'beside' | 'after' | 'expiring'>('rotation', {
  early: { 'rotation-due': 'beside', 'expiry-near': 'expiring' },
  beside: { 'rotation-failed': 'early', 'refused-beside': 'after', dropped: 'early' },
  after: { dropped: 'early' },
  expiring: { dropped: 'early' },
});

/** Whether a change of the line would disturb nothing. Looked after only while one is to come. */
export const quietTable = table<'stirring' | 'quiet'>('quiet', {
  stirring: { 'fell-quiet': 'quiet' },
  quiet: { stirred: 'stirring', 'rotation-failed': 'stirring', dropped: 'stirring' },
});

/** The line that was live before: nobody hears it any more, but what it has cost and what the caller said there count. */
export const retiredTable = table<'none' | 'lingering'>('retired', {
  none: { retired: 'lingering' },
  lingering: { 'retired-over': 'none', close: 'none', gone: 'none' },
});

export interface Rotation {
  /** When the live line was greeted, and when the server ends it; Infinity: nothing is known of it. */
  openedAt: number;
  expiresAt: number;
  /** From when on a change may disturb. */
  latestAt: number;
  /** Before this, no other attempt is made. */
  notBefore: number;
  /** The line that was live before, and when it is shut. */
  retired: number;
  retiredUntil: number;
}

export const firstRotation = (): Rotation => ({
  openedAt: -1,
  expiresAt: Infinity,
  latestAt: Infinity,
  notBefore: 0,
  retired: 0,
  retiredUntil: Infinity,
});

/** How old a line may become, as far as is known. Milliseconds. */
const HOUR_MS = 3_600_000;
/** How long it must have been quiet. */
const QUIET_MS = 700;
/** So shortly before the end a line that is ready takes over, whatever goes on. */
const LAST_MS = 5_000;
/** How long the line before is still listened to. */
const RETIRED_MS = 2_000;
/** The shortest time after which it is worthwhile to try anew. */
const AGAIN_MS = 30_000;

// When -----------------------------------------------------------------------------------------------------------------

/** Notes when the server ends the line. A clock that is wrong makes it earlier, never later than an hour after the greeting. */
function onTold({ session }: Work, { session: told }: Facts['session-told']): void {
  const { rotation, now, rules } = session;
  if (rotation.openedAt < 0) rotation.openedAt = now;
  const latest = rotation.openedAt + HOUR_MS;
  const at = endIn(told) - rules.unixMsAtZero;
  rotation.expiresAt = at > rotation.openedAt ? Math.min(at, latest) : latest;
}

const endIn = ({ expires_at: at }: Json): number => (typeof at === 'number' ? at * 1_000 : -Infinity);

type Rotates = ReconnectRules & { readonly rotate: NonNullable<ReconnectRules['rotate']> };
const canRotate = (rules: ReconnectRules | null): rules is Rotates => rules !== null && rules.rotate !== null;

/** The rules by which another line takes over before the end; null: none does. */
function rulesOf(session: Session): Rotates | null {
  const { reconnect } = session.rules;
  return canRotate(reconnect) && !isSideband(session) && survives(session, null) ? reconnect : null;
}

/** When the next line is begun: many sessions that began at once do not move at once; and no earlier than half way. */
function beginsAt({ rotation, connection }: Session, { rotate: { beforeMs, latestMs }, seed }: Rotates): number {
  const { expiresAt, openedAt, notBefore } = rotation;
  const earlierMs = beforeMs - ((beforeMs - latestMs) / 2) * drawn(seed + connection.live);
  return Math.max(expiresAt - earlierMs, (openedAt + expiresAt) / 2, notBefore);
}

/** From then on only the caller, and what is being said, are waited for. */
function onDue({ session: { rotation } }: Work, { latestMs }: Facts['rotation-due']): void {
  rotation.latestAt = rotation.expiresAt - latestMs;
}

const isLate = (session: Session): boolean => session.now >= session.rotation.latestAt;
const isMoving = ({ is }: Session): boolean => is.rotation === 'beside' || is.rotation === 'after';

/** When a line that is to be moved away from is next looked at. */
function movesAt(session: Session): number {
  const { is, now, rotation, since } = session;
  let at = isLate(session) ? Infinity : rotation.latestAt;
  const transcript = transcriptDueAt(session);
  if (transcript > now) at = Math.min(at, transcript);
  if (is.restore === 'ready' && survives(session, null)) at = Math.min(at, rotation.expiresAt - LAST_MS);
  return canMove(session) ? Math.min(at, since.quiet + QUIET_MS) : at;
}

/** It is quiet, and the next line is ready; or can come only afterwards, and it is time. */
const canMove = (session: Session): boolean =>
  session.is.quiet === 'quiet' &&
  (session.is.restore === 'ready' || (session.is.rotation === 'after' && isLate(session) && survives(session, null)));

/** When the live line is next looked at. */
function nextAt(session: Session): number {
  if (!isOpen(session) || epochOf(session) === 0 || session.is.rotation === 'expiring') return Infinity;
  if (isMoving(session)) return movesAt(session);
  const rules = rulesOf(session);
  return rules ? beginsAt(session, rules) : session.rotation.expiresAt - session.rules.limits.expiringMs;
}

const retiresAt = ({ is, rotation }: Session): number =>
  is.retired === 'lingering' ? rotation.retiredUntil : Infinity;

function onTick(work: Work): void {
  const { session } = work;
  const { now, rotation } = session;
  if (now >= retiresAt(session)) shutRetired(work);
  if (!(now >= nextAt(session))) return;
  if (isMoving(session)) return move(work);
  const rules = rulesOf(session);
  if (rules) return post(work, 'rotation-due', rules.rotate);
  post(work, 'expiry-near');
  tell(work, { kind: 'expiring', inMs: Math.max(0, Math.round(rotation.expiresAt - now)) });
}

// Quiet ----------------------------------------------------------------------------------------------------------------

/** Notes, at the end of a step, whether it is quiet. Then the line that is ready is told what has been said since. */
export function noteQuiet(work: Work): void {
  const { session } = work;
  if (!isMoving(session)) return;
  const isQuiet = isOpen(session) && isCalm(session) && (isLate(session) || isIdle(session));
  if (isQuiet !== (session.is.quiet === 'quiet')) post(work, isQuiet ? 'fell-quiet' : 'stirred');
  if (isQuiet && session.is.restore === 'ready') freshen(work);
}

/** The caller is silent, and nothing is being said or about to be. */
const isCalm = (session: Session): boolean =>
  !userSpeaks(session) &&
  !answerIsImminent(session) &&
  openResponses(session).length === 0 &&
  out(session).length === 0;

/** Besides: nothing waits, runs, is heard, or is on its way. */
const isIdle = (session: Session): boolean =>
  nobodyWaits(session) &&
  !isPlaying(session) &&
  !hangUpIsPending(session) &&
  !session.turn.uncommitted &&
  session.items.unadded.length === 0 &&
  session.recovery.attempts.length === 0 &&
  runningCalls(session).length === 0 &&
  isSettled(session) &&
  transcriptDueAt(session) <= session.now;

// The hand-over --------------------------------------------------------------------------------------------------------

function move(work: Work): void {
  const { is, now, since } = work.session;
  if (is.restore === 'ready' && is.quiet === 'quiet' && now >= since.quiet + QUIET_MS) return handOver(work);
  post(work, 'line-lost', { code: null, reason: ENDS, by: 'us' });
}
const ENDS = 'the server is about to end it';

/** In one step: the live line retires, and the next one is live. */
function handOver(work: Work): void {
  const { restore } = work.session;
  const line = liveLine(work.session);
  post(work, 'dropped', { code: null, reason: ENDS, how: 'moved' });
  post(work, 'retired', { line });
  post(work, 'taken-over', { line: restore.line, session: restore.echo, after: 'a rotation' });
  post(work, 'handed-over');
}

function onRetired({ session: { rotation, now } }: Work, { line }: Facts['retired']): void {
  rotation.retired = line;
  rotation.retiredUntil = now + RETIRED_MS;
}

/** Whether this is the line that was live before, and it is still listened to. */
export const isRetired = ({ is, rotation }: Session, line: number): boolean =>
  is.retired === 'lingering' && rotation.retired === line;

/** Nobody would hear what it says. */
export function cancelOnRetired(work: Work, responseId: string): void {
  const frame = { type: 'response.cancel', response_id: responseId };
  command(work, { do: 'write', line: work.session.rotation.retired, frame });
}

function shutRetired(work: Work): void {
  command(work, { do: 'shut', line: work.session.rotation.retired });
  post(work, 'retired-over');
}

/** The line that takes over has an end of its own. */
function onTakenOver({ session }: Work): void {
  const { rotation, restore } = session;
  if (isSideband(session)) return;
  Object.assign(rotation, { openedAt: restore.greetedAt, expiresAt: restore.greetedAt + HOUR_MS, notBefore: 0 });
}

/** As long as it is worthwhile it is tried anew, half way to the time from which on it disturbs. */
function onFailed(work: Work, { why, again }: Facts['rotation-failed']): void {
  const { session } = work;
  const leftMs = (session.rotation.latestAt - session.now) / 2;
  session.rotation.notBefore = again === 'later' && leftMs >= AGAIN_MS ? session.now + leftMs : Infinity;
  fault(work, `The session could not be moved to another connection before this one ends: ${why}.`, null, 'network');
}

/** The session has ended, and so has the line that was live before. */
function onEnd(work: Work): void {
  const { rotation } = work.session;
  if (rotation.retired > 0) command(work, { do: 'shut', line: rotation.retired });
  rotation.retired = 0;
}

export const rotation: Part = {
  tables: { rotation: rotationTable, quiet: quietTable, retired: retiredTable },
  handlers: {
    'session-told': onTold,
    'rotation-due': onDue,
    retired: onRetired,
    'retired-over': ({ session }) => void (session.rotation.retired = 0),
    'taken-over': onTakenOver,
    'rotation-failed': onFailed,
    close: onEnd,
    gone: onEnd,
  },
  watchesAt: (session) => Math.min(nextAt(session), retiresAt(session)),
  onTick,
};
