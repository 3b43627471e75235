import type { ConfigureFailure, Difference } from '../../types/index.js';
import { close, isOpen } from './connection.js';
import { differencesIn } from './echo.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import { at, isRecord, type Json, type ServerEvent } from './read.js';
import type { Refusal } from './refusals.js';
import type { Session } from './state.js';
import {
  askAnswers,
  askQuiet,
  configurationTable,
  epochOf,
  fail,
  FETCHES,
  type InFlight,
  owe,
  type Probe,
  probeLine,
  QUIET,
  reject,
  restoreDetection,
  sendNext,
  sendProbe,
  takeOwed,
} from './update.js';
import { fault, post, tell, type Work } from './work.js';

// What the server says -------------------------------------------------------------------------------------------------

/** Reads a `session.updated`, and first compares it with everything that was asked for. */
export function readEcho(work: Work, event: ServerEvent): void {
  const echo = isRecord(event['session']) ? event['session'] : {};
  const { session } = work;
  const { inFlight, confirmed } = session.configuration;
  post(work, 'session-told', { session: echo });
  if (inFlight) {
    const differences = unaccepted(work, inFlight.session, echo);
    if (differences.length === 0) return confirm(work, inFlight);
    if (session.is.configuration === 'asking') return readAnother(work, inFlight, differences);
  }
  if (session.is.configuration === 'doubtful' || session.is.configuration === 'restoring') {
    if (unaccepted(work, confirmed, echo).length === 0) return fallBack(work);
    return readNeither(work);
  }
  // Either way the number of echoes still to come is the same, so the probe in flight need no longer be awaited.
  if (session.configuration.probe) session.configuration.probe = null;
  else takeOwed(session);
  sendNext(work);
}

/** Puts an update in force, even if its caller has already been told that it failed. */
function confirm(work: Work, update: InFlight): void {
  const { configuration } = work.session;
  configuration.inFlight = null;
  configuration.confirmed = update.whole;
  if (configuration.epoch === 0) configuration.epoch = 1;
  // The server sends no echo for an update that it refused by id, so this echo answers the fetch.
  const wasRefused = update.state === 'told' && update.failure.kind === 'rejected';
  if (wasRefused) configuration.probe = null;
  post(work, 'echo-matches', { update });
  if (update.state === 'told') {
    fault(work, 'The server confirmed an update after it had been given up: what the update asked for is in force.');
  }
  if (update.id > QUIET) tell(work, { kind: 'confirmed', update: update.id });
  sendNext(work);
}

/** Reads an echo that does not match the update: a late one of an abandoned update, another writer's, or a mismatch. */
function readAnother(work: Work, update: InFlight, differences: readonly Difference[]): void {
  if (takeOwed(work.session)) return;
  update.differences = differences;
  if (work.session.rules.line === 'own') failUpdate(work, update, { kind: 'mismatch', differences });
}

/** Keeps the last confirmed configuration in force. */
function fallBack(work: Work): void {
  const { configuration } = work.session;
  const { inFlight } = configuration;
  configuration.inFlight = configuration.probe = null;
  post(work, 'echo-matches', { update: null });
  if (inFlight) reject(work, inFlight, inFlight.failure);
  sendNext(work);
}

/**
 * Handles an echo that matches neither the update nor the last confirmed settings: restores the latter once, then gives
 * up.
 */
function readNeither(work: Work): void {
  const { session } = work;
  if (takeOwed(session) || !isOpen(session) || session.rules.line === 'sideband') return;
  restoreOrBreak(work);
}

function restoreOrBreak(work: Work): void {
  const { session } = work;
  const { inFlight } = session.configuration;
  if (!inFlight) return breakOff(work);
  reject(work, inFlight, inFlight.failure);
  session.configuration.inFlight = null;
  post(work, 'restore-sent');
  sendProbe(work, 'restore');
}

const NOT_CONFIRMED = 'The server no longer confirms what it had confirmed.';

function breakOff(work: Work): void {
  work.session.configuration.probe = null;
  fault(work, NOT_CONFIRMED);
  close(work, { kind: 'lost', code: null, reason: NOT_CONFIRMED });
}

/** Handles an error that names one of our updates: the one in flight, one of the session's own, or an abandoned one. */
function onRefused(work: Work, { refusal }: Facts['update-refused']): void {
  const { session } = work;
  const { configuration } = session;
  const { inFlight, probe } = configuration;
  configuration.owed = configuration.owed.filter((each) => each !== refusal.eventId);
  if (refusal.eventId === inFlight?.eventId) failUpdate(work, inFlight, rejection(refusal));
  else if (refusal.eventId === probe?.eventId) probeFailed(work, probe);
}

/** Handles an error without an id: before the first confirmation it rejects the update, later it makes it doubtful. */
function onSuspected(work: Work, { update, refusal }: Facts['update-suspected']): void {
  if (epochOf(work.session) === 0) return failUpdate(work, update, rejection(refusal));
  update.failure = rejection(refusal);
  doubt(work);
}

const rejection = ({ code, param, message }: Refusal): ConfigureFailure => ({
  kind: 'rejected',
  code,
  param,
  message,
});

// What fails -----------------------------------------------------------------------------------------------------------

/** Fails the update in flight, tells its caller, and asks the server which configuration is in force. */
function failUpdate(work: Work, inFlight: InFlight, failure: ConfigureFailure): void {
  const { session } = work;
  const { configuration } = session;
  reject(work, inFlight, failure);
  if (session.is.configuration !== 'asking') return;
  if (configuration.epoch === 0) {
    if (failure.kind === 'timeout' || failure.kind === 'aborted') owe(session, inFlight.eventId);
    configuration.inFlight = null;
    post(work, 'update-failed');
    return sendNext(work);
  }
  if (failure.kind === 'mismatch') return restoreOrBreak(work);
  doubt(work);
}

function doubt(work: Work): void {
  post(work, 'update-doubted');
  sendProbe(work, 'fetch');
}

/** Handles a caller that stops waiting for its update. */
export function abandon(work: Work, id: number): void {
  const { configuration } = work.session;
  const { inFlight } = configuration;
  if (inFlight?.id === id) return failUpdate(work, inFlight, { kind: 'aborted' });
  const waiting = configuration.waiting.filter((update) => update.id === id);
  configuration.waiting = configuration.waiting.filter((update) => update.id !== id);
  for (const update of waiting) fail(work, update.id, { kind: 'aborted' });
}

/** What was in flight is lost with its line. What waits goes on waiting, and what was last confirmed still counts. */
function onDropped(work: Work, { code, reason }: Pick<Facts['dropped'], 'code' | 'reason'>): void {
  const { configuration } = work.session;
  const { inFlight } = configuration;
  work.session.configuration = { ...configuration, inFlight: null, probe: null, owed: [] };
  if (inFlight) reject(work, inFlight, { kind: 'lost', code, reason });
}

/** The echo by which the next line took over contains all that was last confirmed: a new epoch begins. */
function onTakenOver(work: Work, { session }: Facts['taken-over']): void {
  work.session.configuration.epoch++;
  post(work, 'session-told', { session });
  post(work, 'echo-matches', { update: null });
  sendNext(work);
}

/** Fails every update, because this connection will confirm nothing more. */
function failAll(work: Work, failure: ConfigureFailure): void {
  const { configuration } = work.session;
  const { inFlight, waiting } = configuration;
  work.session.configuration = { ...configuration, inFlight: null, probe: null, owed: [], waiting: [] };
  if (inFlight) reject(work, inFlight, failure);
  for (const { id } of waiting) fail(work, id, failure);
}

// What is due ----------------------------------------------------------------------------------------------------------

function onTick(work: Work): void {
  const { session } = work;
  const { inFlight, probe } = session.configuration;
  if (probe && session.now >= probe.dueAt) return probeOverdue(work, probe);
  if (!inFlight || session.is.configuration !== 'asking' || session.now < inFlight.expiresAt) return;
  const { differences, timeoutMs } = inFlight;
  failUpdate(work, inFlight, differences ? { kind: 'mismatch', differences } : { kind: 'timeout', afterMs: timeoutMs });
}

/**
 * Repeats an unanswered probe, or gives up. While nothing at all arrives, the line watch decides whether the peer is
 * alive.
 */
function probeOverdue(work: Work, probe: Probe): void {
  const { session } = work;
  if (session.framesRead === probe.framesRead) {
    probe.dueAt = session.now + session.rules.limits.confirmMs;
    return;
  }
  owe(session, probe.eventId);
  probeFailed(work, probe);
}

function probeFailed(work: Work, { kind, times }: Probe): void {
  const { session } = work;
  session.configuration.probe = null;
  if (session.is.configuration === 'confirmed') return sendNext(work);
  if (kind === 'fetch' && times < FETCHES) return sendProbe(work, 'fetch', times + 1);
  restoreOrBreak(work);
}

export function dueAt({ configuration: { inFlight, probe }, is }: Session): number {
  const updateDue = inFlight && is.configuration === 'asking' ? inFlight.expiresAt : Infinity;
  return Math.min(updateDue, probe?.dueAt ?? Infinity);
}

// What differs ---------------------------------------------------------------------------------------------------------

/** What an echo has otherwise than it was asked for, and `accept` does not accept. */
export const unaccepted = (work: Work, asked: Json, echo: Json): readonly Difference[] =>
  differencesIn(asked, echo).filter((each) => !accepts(work, each));

function accepts(work: Work, difference: Difference): boolean {
  if (work.session.rules.accept === 'not given') return false;
  const answer = work.ask({ accept: difference });
  if ('yes' in answer) return answer.yes;
  fault(work, `accept() threw for '${difference.path}'. ${answer.threw.words}`, answer.threw);
  return false;
}

/** The plain settings of a turn detection: only these are ever sent back to the server. */
const settingsIn = (detection: Json): Json =>
  Object.fromEntries(Object.entries(detection).filter(([, value]) => value === null || typeof value !== 'object'));

export const configuration: Part = {
  tables: { configuration: configurationTable },
  handlers: {
    'answers-wanted': (work, { how }) => askAnswers(work, how),
    'session-told': ({ session: { configuration } }, { session }) => {
      const detection = at(session, 'audio', 'input', 'turn_detection');
      if (detection !== undefined) configuration.detection = isRecord(detection) ? settingsIn(detection) : null;
    },
    'quiet-wanted': (work, { timeoutMs }) => askQuiet(work, timeoutMs),
    'quiet-over': (work, { detection }) => restoreDetection(work, detection),
    'probe-wanted': probeLine,
    'update-aborted': (work, { update }) => fail(work, update, { kind: 'aborted' }),
    'update-refused': onRefused,
    'update-suspected': onSuspected,
    dropped: onDropped,
    parted: onDropped,
    'taken-over': onTakenOver,
    close: (work) => failAll(work, { kind: 'aborted' }),
    gone: (work, { code, reason }) => failAll(work, { kind: 'lost', code, reason }),
  },
  dueAt,
  onTick,
};
