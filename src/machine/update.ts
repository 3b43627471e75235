import type { ConfigureFailure, Difference } from '../../types/index.js';
import { emptyList } from '../collections.js';
import { goesOn, isClosing, isOpen } from './connection.js';
import { mergeSettings } from './echo.js';
import { type Json, noJson } from './read.js';
import type { Session } from './state.js';
import { advance, type StateOf, table } from './table.js';
import type { ToolSet } from './tool-state.js';
import { fault, makeId, post, send, tell, type Work } from './work.js';

/**
 * Whether a configuration is requested, confirmed or in doubt. `session.updated` carries no id of ours, so echoes are
 * matched in order, and one confirms only if it contains everything that was asked for.
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
      dropped: 'restoring',
      parted: 'restoring',
    },
    doubtful: { 'echo-matches': 'confirmed', 'restore-sent': 'restoring', dropped: 'restoring', parted: 'restoring' },
    restoring: { 'echo-matches': 'confirmed' },
    confirmed: { 'update-sent': 'asking', dropped: 'restoring', parted: 'restoring' },
  },
);

/** A configuration to ask for. */
export interface Update {
  readonly id: number;
  readonly session: Json;
  readonly timeoutMs: number;
  /** The tools of this configuration; null: keep those in force. */
  readonly tools: ToolSet | null;
}

/** Whether a caller still awaits an update. An update reported as failed (`told`) may still come into force. */
export const updateLife = table<'promised' | 'told'>('update', { promised: { 'update-rejected': 'told' }, told: {} });

export interface InFlight extends Update {
  readonly eventId: string;
  readonly expiresAt: number;
  /** The configuration in force once confirmed: the last confirmed one merged with this one. */
  readonly whole: Json;
  /** How another writer's echo differed, on a session that others may write to. */
  differences: readonly Difference[] | null;
  /** The failure to report once it is certain that the update is not in force. */
  failure: ConfigureFailure;
  state: StateOf<typeof updateLife>;
}

/**
 * An update of the session's own. `fetch` changes nothing and asks what is in force; `restore` sends the last confirmed
 * configuration.
 */
export interface Probe {
  readonly kind: 'fetch' | 'restore';
  readonly eventId: string;
  dueAt: number;
  /** How many times it has been sent. */
  readonly times: number;
  /** How many frames had been read when it was sent. */
  readonly framesRead: number;
}

export interface Configuration {
  /** Updates not sent yet. */
  waiting: readonly Update[];
  inFlight: InFlight | null;
  probe: Probe | null;
  /** The `event_id`s of abandoned updates whose echo may still come, oldest first. */
  owed: readonly string[];
  /** The last confirmed configuration, complete; empty before the first. */
  confirmed: Json;
  /** The server's latest description of turn detection, complete; null: it is off. */
  detection: Json | null;
  /** Counts confirmed connections. */
  epoch: number;
}

export const firstConfiguration = (): Configuration => ({
  waiting: emptyList,
  inFlight: null,
  probe: null,
  owed: emptyList,
  confirmed: noJson,
  detection: null,
  epoch: 0,
});

export const isConfirmed = ({ is }: Session): boolean => is.configuration === 'confirmed';
/** Nothing is asked, in doubt, or still to be asked. */
export const isSettled = ({ is, configuration: { probe, waiting } }: Session): boolean =>
  is.configuration === 'confirmed' && probe === null && waiting.length === 0;
export const epochOf = ({ configuration: { epoch } }: Session): number => epoch;
/** Whether an error with this `event_id` is about one of our updates. */
export const isUpdate = ({ configuration: { inFlight, probe, owed } }: Session, eventId: string): boolean =>
  inFlight?.eventId === eventId || probe?.eventId === eventId || owed.includes(eventId);
export const updateOut = ({ configuration: { inFlight }, is }: Session): InFlight | null =>
  is.configuration === 'asking' ? inFlight : null;

/** How many outstanding echoes are remembered: a memory bound, not a setting. */
const REMEMBERED = 32;
/** How many times a fetch is sent before it counts as unanswered. */
export const FETCHES = 3;

/** Asks for a configuration. Only one is in flight at a time; later ones wait. */
export function askUpdate(work: Work, update: Update): void {
  const { session } = work;
  if (isClosing(session)) return fail(work, update.id, { kind: 'aborted' });
  if (!goesOn(session)) return fail(work, update.id, { kind: 'lost', code: null, reason: 'already closed' });
  session.configuration.waiting = [...session.configuration.waiting, update];
  sendNext(work);
}

export function sendNext(work: Work): void {
  const { configuration } = work.session;
  const [next, ...rest] = configuration.waiting;
  if (!next || configuration.inFlight || configuration.probe || !isOpen(work.session)) return;
  configuration.waiting = rest;
  const eventId = makeId(work.session);
  configuration.inFlight = {
    ...next,
    eventId,
    expiresAt: work.session.now + next.timeoutMs,
    whole: mergeSettings(configuration.confirmed, next.session),
    differences: null,
    failure: { kind: 'aborted' },
    state: updateLife.first,
  };
  post(work, 'update-sent');
  write(work, eventId, next.session);
}

const write = (work: Work, eventId: string, session: Json): void =>
  send(work, { type: 'session.update', event_id: eventId, session: { ...session, type: 'realtime' } });

export function sendProbe(work: Work, kind: Probe['kind'], times = 1): void {
  const { session } = work;
  const eventId = makeId(session);
  const { confirmMs } = session.rules.limits;
  const dueAt = session.now + confirmMs;
  session.configuration.probe = { kind, eventId, dueAt, times, framesRead: session.framesRead };
  write(work, eventId, kind === 'restore' ? session.configuration.confirmed : {});
}

/** Whether this echo belongs to an abandoned update, and so says nothing about the current one. */
export function takeOwed({ configuration }: Session): boolean {
  const owes = configuration.owed.length > 0;
  configuration.owed = configuration.owed.slice(1);
  return owes;
}

export function owe({ configuration }: Session, eventId: string): void {
  configuration.owed = [...configuration.owed, eventId].slice(-REMEMBERED);
}

export function reject(work: Work, update: InFlight, failure: ConfigureFailure): void {
  if (advance(update, updateLife, 'update-rejected') === 'unmoved') return;
  update.failure = failure;
  fail(work, update.id, failure);
  post(work, 'update-rejected', { update: update.id });
}

export function fail(work: Work, update: number, failure: ConfigureFailure): void {
  if (update > QUIET) return tell(work, { kind: 'unconfirmed', update, failure });
  fault(work, `The server was not told to ${ownUpdates[update as OwnUpdate]}: ${failure.kind}.`);
}

/** The ids of the session's own updates: a hang-up quiets the server, or restores it. */
export const QUIET = 0;
const LOUD = -1;
/** A spent budget stops the server's own answers; a raised one lets it answer again. */
const MUTE = -2;
const UNMUTE = -3;

type OwnUpdate = typeof QUIET | typeof LOUD | typeof MUTE | typeof UNMUTE;
const ownUpdates: { readonly [Each in OwnUpdate]: string } = {
  [QUIET]: 'be quiet during the farewell',
  [LOUD]: 'answer and interrupt again',
  [MUTE]: 'answer no more by itself',
  [UNMUTE]: 'answer by itself again',
};

/** Tells the server to stop answering by itself, or to resume. */
export function askAnswers(work: Work, how: 'no more' | 'again'): void {
  const { configuration, rules } = work.session;
  if (!configuration.detection) return;
  const detection = { ...configuration.detection, create_response: how === 'again' };
  const session = { audio: { input: { turn_detection: detection } } };
  askUpdate(work, { id: how === 'again' ? UNMUTE : MUTE, session, timeoutMs: rules.limits.confirmMs, tools: null });
}

/** Restores the turn detection that a cancelled hang-up had changed. */
export function restoreDetection(work: Work, detection: Json): void {
  askUpdate(work, {
    id: LOUD,
    session: { audio: { input: { turn_detection: detection } } },
    timeoutMs: work.session.rules.limits.confirmMs,
    tools: null,
  });
}

/** Tells the server not to answer or interrupt by itself. Goes ahead of waiting updates, which are aborted. */
export function askQuiet(work: Work, timeoutMs: number): void {
  const { configuration } = work.session;
  for (const { id } of configuration.waiting) fail(work, id, { kind: 'aborted' });
  configuration.waiting = [];
  const quiet = { ...configuration.detection, create_response: false, interrupt_response: false };
  const session = { audio: { input: { turn_detection: quiet } } };
  askUpdate(work, { id: QUIET, session, timeoutMs, tools: null });
}

/** Sends an update that changes nothing, to check whether the peer is alive. One already in flight serves as well. */
export function probeLine(work: Work): void {
  if (isConfirmed(work.session) && !work.session.configuration.probe) sendProbe(work, 'fetch');
}
