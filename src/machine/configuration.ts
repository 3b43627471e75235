import type { ConfigureFailure, Difference } from '../../types/index.js';
import { close, isClosing, isOpen } from './connection.js';
import { differencesIn, mergeSettings } from './echo.js';
import type { Facts } from './facts.js';
import type { Part } from './part.js';
import { at, isRecord, type Json, type ServerEvent } from './read.js';
import type { Refusal } from './refusals.js';
import type { Session } from './state.js';
import { table } from './table.js';
import type { ToolSet } from './tool-state.js';
import { fault, makeId, post, send, tell, type Work } from './work.js';

/**
 * The configuration: asked for, confirmed, or in doubt. `session.updated` carries no id of ours, so it is ours in order,
 * and it confirms only if all that was asked for is in it.
 */
export const configurationTable = table<'unasked' | 'asking' | 'doubtful' | 'restoring' | 'confirmed'>(
  'configuration',
  {
    unasked: { 'update-sent': 'asking' },
    asking: {
      'echo-matches': 'confirmed',
      'update-failed': 'unasked',
      'update-doubted': 'doubtful',
      'restore-sent': 'restoring',
    },
    doubtful: { 'echo-matches': 'confirmed', 'restore-sent': 'restoring' },
    restoring: { 'echo-matches': 'confirmed' },
    confirmed: { 'update-sent': 'asking' },
  },
);

/** A configuration that is asked for. */
export interface Update {
  readonly id: number;
  readonly session: Json;
  readonly timeoutMs: number;
  /** The tools that it brings; null: those in force stay. */
  readonly tools: ToolSet | null;
}

interface InFlight extends Update {
  readonly eventId: string;
  readonly expiresAt: number;
  /** What will stand if it is confirmed: the last confirmed configuration with this one merged in. */
  readonly whole: Json;
  /** Another writer's echo, on a session that others write to as well. */
  differences: readonly Difference[] | null;
  /** What it fails with once it is certain that it does not stand. */
  failure: ConfigureFailure | null;
  /** Whoever asked for it has been told that it failed; it may stand all the same. */
  state: 'promised' | 'told';
}

/** An update of the session's own. `fetch` changes nothing, and asks what stands; `restore` is the last confirmed. */
interface Probe {
  readonly kind: 'fetch' | 'restore';
  readonly eventId: string;
  dueAt: number;
  /** How often it has been sent. */
  readonly times: number;
  /** How many frames had been read when it was sent. */
  readonly framesRead: number;
}

export interface Configuration {
  /** Not sent yet. */
  waiting: readonly Update[];
  inFlight: InFlight | null;
  probe: Probe | null;
  /** The `event_id`s of updates that were given up and whose echo may still come, oldest first. */
  owed: readonly string[];
  /** The last configuration that was confirmed, whole; null before the first. */
  confirmed: Json | null;
  /** The turn detection as the server last told it, whole; null: there is none. */
  detection: Json | null;
  /** Counts confirmed connections. */
  epoch: number;
}

export const firstConfiguration = (): Configuration => ({
  waiting: [],
  inFlight: null,
  probe: null,
  owed: [],
  confirmed: null,
  detection: null,
  epoch: 0,
});

export const isConfirmed = ({ is }: Session): boolean => is.configuration === 'confirmed';
export const epochOf = ({ configuration: { epoch } }: Session): number => epoch;
/** Whether an error with this `event_id` is about an update of ours. */
export const isUpdate = ({ configuration: { inFlight, probe, owed } }: Session, eventId: string): boolean =>
  inFlight?.eventId === eventId || probe?.eventId === eventId || owed.includes(eventId);
export const updateIsOut = ({ configuration: { inFlight }, is }: Session): boolean =>
  inFlight !== null && is.configuration === 'asking';

/** How many echoes that may still come are remembered: a bound, not a tuning. */
const REMEMBERED = 32;
/** How often an unanswered fetch is sent in all. */
const FETCHES = 3;

/** Asks for a configuration. One is in flight at a time; later ones wait. */
export function askUpdate(work: Work, update: Update): void {
  const { session } = work;
  if (isClosing(session)) return fail(work, update.id, { kind: 'aborted' });
  if (!isOpen(session)) return fail(work, update.id, { kind: 'lost', code: null, reason: 'already closed' });
  session.configuration.waiting = [...session.configuration.waiting, update];
  sendNext(work);
}

function sendNext(work: Work): void {
  const { configuration } = work.session;
  const [next, ...rest] = configuration.waiting;
  if (!next || configuration.inFlight || configuration.probe || !isOpen(work.session)) return;
  configuration.waiting = rest;
  const eventId = makeId(work.session);
  configuration.inFlight = {
    ...next,
    eventId,
    expiresAt: work.session.now + next.timeoutMs,
    whole: mergeSettings(configuration.confirmed ?? {}, next.session),
    differences: null,
    failure: null,
    state: 'promised',
  };
  post(work, 'update-sent');
  write(work, eventId, next.session);
}

const write = (work: Work, eventId: string, session: Json): void =>
  send(work, { type: 'session.update', event_id: eventId, session: { ...session, type: 'realtime' } });

function sendProbe(work: Work, kind: Probe['kind'], times = 1): void {
  const { session } = work;
  const eventId = makeId(session);
  const { confirmMs } = session.rules.limits;
  const dueAt = session.now + confirmMs;
  session.configuration.probe = { kind, eventId, dueAt, times, framesRead: session.framesRead };
  write(work, eventId, kind === 'restore' ? (session.configuration.confirmed ?? {}) : {});
}

// What the server says -------------------------------------------------------------------------------------------------

/** Reads a `session.updated`. Whether it contains all that was asked for is looked at first. */
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
  if (!takeOwed(session)) session.configuration.probe = null;
  sendNext(work);
}

/** What was asked for stands, also where whoever asked has been told that it failed. */
function confirm(work: Work, update: InFlight): void {
  const { configuration } = work.session;
  configuration.inFlight = null;
  configuration.confirmed = update.whole;
  if (configuration.epoch === 0) configuration.epoch = 1;
  if (configuration.probe?.kind === 'restore') configuration.probe = null;
  post(work, 'echo-matches', { update });
  if (update.state === 'told') {
    fault(work, 'The server confirmed an update after it had been given up: what the update asked for is in force.');
  }
  if (update.id !== QUIET) tell(work, { kind: 'confirmed', update: update.id });
  sendNext(work);
}

/** An echo that is not the update's: of one that was given up before, of another writer, or a mismatch. */
function readAnother(work: Work, update: InFlight, differences: readonly Difference[]): void {
  if (takeOwed(work.session)) return;
  update.differences = differences;
  if (work.session.rules.line === 'own') failUpdate(work, { kind: 'mismatch', differences });
}

/** The last confirmed configuration stands. */
function fallBack(work: Work): void {
  const { configuration } = work.session;
  const { inFlight } = configuration;
  configuration.inFlight = configuration.probe = null;
  post(work, 'echo-matches', { update: null });
  if (inFlight) reject(work, inFlight, inFlight.failure ?? { kind: 'aborted' });
  sendNext(work);
}

/** Neither what was asked for nor what had been confirmed stands: it is asked for once more, and then given up. */
function readNeither(work: Work): void {
  const { session } = work;
  if (takeOwed(session) || session.rules.line === 'sideband') return;
  restoreOrBreak(work);
}

function restoreOrBreak(work: Work): void {
  const { session } = work;
  const { inFlight } = session.configuration;
  if (session.is.configuration === 'restoring') return breakOff(work);
  if (inFlight) reject(work, inFlight, inFlight.failure ?? { kind: 'aborted' });
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

/** Whether this echo belongs to an update that was given up: it then judges nothing. */
function takeOwed({ configuration }: Session): boolean {
  const owes = configuration.owed.length > 0;
  configuration.owed = configuration.owed.slice(1);
  return owes;
}

function owe({ configuration }: Session, eventId: string): void {
  configuration.owed = [...configuration.owed, eventId].slice(-REMEMBERED);
}

/** An error that names an update of ours: the one in flight, one of the session's own, or one that was given up. */
function onRefused(work: Work, { refusal }: Facts['update-refused']): void {
  const { session } = work;
  const { configuration } = session;
  const { inFlight, probe } = configuration;
  configuration.owed = configuration.owed.filter((each) => each !== refusal.eventId);
  if (refusal.eventId === inFlight?.eventId) failUpdate(work, rejection(refusal));
  else if (refusal.eventId === probe?.eventId) probeFailed(work, probe);
}

/** An error without an id. Before anything was confirmed it rejects; later it makes the update doubtful. */
function onSuspected(work: Work, { refusal }: Facts['update-suspected']): void {
  const { session } = work;
  const { inFlight, confirmed } = session.configuration;
  if (!inFlight || session.is.configuration !== 'asking') return;
  if (!confirmed) return failUpdate(work, rejection(refusal));
  inFlight.failure = rejection(refusal);
  doubt(work);
}

const rejection = ({ code, param, message }: Refusal): ConfigureFailure => ({
  kind: 'rejected',
  code,
  param,
  message,
});

// What fails -----------------------------------------------------------------------------------------------------------

/** The update in flight has failed, and whoever asked for it is told. What stands, the server is asked. */
function failUpdate(work: Work, failure: ConfigureFailure): void {
  const { session } = work;
  const { configuration } = session;
  const { inFlight } = configuration;
  if (!inFlight) return;
  reject(work, inFlight, failure);
  if (session.is.configuration !== 'asking') return;
  if (!configuration.confirmed) {
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

function reject(work: Work, update: InFlight, failure: ConfigureFailure): void {
  if (update.state === 'told') return;
  update.state = 'told';
  update.failure = failure;
  fail(work, update.id, failure);
  post(work, 'update-rejected', { update: update.id });
}

function fail(work: Work, update: number, failure: ConfigureFailure): void {
  if (update !== QUIET) return tell(work, { kind: 'unconfirmed', update, failure });
  fault(work, `The server was not told to be quiet during the farewell: ${failure.kind}.`);
}

/** The number of the update by which a hang-up has the server be quiet. */
export const QUIET = 0;

/** Has the server neither answer nor interrupt by itself. It goes before all that waits, which is aborted. */
export function askQuiet(work: Work, timeoutMs: number): void {
  const { configuration } = work.session;
  for (const { id } of configuration.waiting) fail(work, id, { kind: 'aborted' });
  configuration.waiting = [];
  const quiet = { ...configuration.detection, create_response: false, interrupt_response: false };
  const session = { audio: { input: { turn_detection: quiet } } };
  askUpdate(work, { id: QUIET, session, timeoutMs, tools: null });
}

/** Asks whether anybody is there, by an update that changes nothing. What is out already asks as well. */
export function probeLine(work: Work): void {
  const { inFlight, probe } = work.session.configuration;
  if (isConfirmed(work.session) && !inFlight && !probe) sendProbe(work, 'fetch');
}

/** Nobody waits for this update any longer. */
export function abandon(work: Work, id: number): void {
  const { configuration } = work.session;
  if (configuration.inFlight?.id === id) return failUpdate(work, { kind: 'aborted' });
  const waiting = configuration.waiting.filter((update) => update.id === id);
  configuration.waiting = configuration.waiting.filter((update) => update.id !== id);
  for (const update of waiting) fail(work, update.id, { kind: 'aborted' });
}

/** Nothing will be confirmed on this connection any more. */
function failAll(work: Work, failure: ConfigureFailure): void {
  const { configuration } = work.session;
  const { inFlight, waiting } = configuration;
  work.session.configuration = { ...configuration, inFlight: null, probe: null, owed: [], waiting: [] };
  if (inFlight) reject(work, inFlight, failure);
  for (const { id } of waiting) fail(work, id, failure);
}

// What is due ----------------------------------------------------------------------------------------------------------

function elapse(work: Work): void {
  const { session } = work;
  const { inFlight, probe } = session.configuration;
  if (probe && session.now >= probe.dueAt) return probeOverdue(work, probe);
  if (!inFlight || session.is.configuration !== 'asking' || session.now < inFlight.expiresAt) return;
  const { differences, timeoutMs } = inFlight;
  failUpdate(work, differences ? { kind: 'mismatch', differences } : { kind: 'timeout', afterMs: timeoutMs });
}

/** While nothing at all arrives, silence is no answer: whether the peer still lives is for others to find out. */
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

function dueAt({ configuration: { inFlight, probe }, is }: Session): number {
  const updateDue = inFlight && is.configuration === 'asking' ? inFlight.expiresAt : Infinity;
  return Math.min(updateDue, probe?.dueAt ?? Infinity);
}

// What differs ---------------------------------------------------------------------------------------------------------

const unaccepted = (work: Work, asked: Json | null, echo: Json): readonly Difference[] =>
  differencesIn(asked ?? {}, echo).filter((each) => !accepts(work, each));

function accepts(work: Work, difference: Difference): boolean {
  if (work.session.rules.accept === 'not given') return false;
  const answer = work.ask({ accept: difference });
  if ('yes' in answer) return answer.yes;
  fault(work, `accept() threw for '${difference.path}'.`, answer.threw);
  return false;
}

export const configuration: Part = {
  tables: { configuration: configurationTable },
  heeds: {
    'session-told': ({ session: { configuration } }, { session }) => {
      const detection = at(session, 'audio', 'input', 'turn_detection');
      if (detection !== undefined) configuration.detection = isRecord(detection) ? detection : null;
    },
    'update-refused': onRefused,
    'update-suspected': onSuspected,
    close: (work) => failAll(work, { kind: 'aborted' }),
    gone: (work, { code, reason }) => failAll(work, { kind: 'lost', code, reason }),
  },
  dueAt,
  elapse,
};
