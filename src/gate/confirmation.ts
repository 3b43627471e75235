import type { ConfigureFailure, Difference } from '../../types/index.js';
import { differencesIn, mergeSettings } from './echo.js';
import { at, isRecord, type Json } from './read.js';
import type { Update, UpdateInFlight } from './state.js';
import { fault, makeId, move, send, tell, type Work } from './work.js';

/** Updates of the gate's own: one that changes nothing, to see what stands; and the last configuration, again. */
const FETCH = 0;
const RESTORE = -1;

/** How many echoes that may still come are remembered: a bound, not a tuning. */
const REMEMBERED = 32;

/** Asks for a configuration. One is in flight at a time; later ones wait. */
export function askUpdate(work: Work, update: Update): void {
  const { gate } = work;
  if (gate.connection === 'closed')
    return fail(work, update.id, { kind: 'lost', code: null, reason: 'already closed' });
  if (gate.connection === 'closing') return fail(work, update.id, { kind: 'aborted' });
  gate.updates.push(update);
  sendNextUpdate(work);
}

function sendNextUpdate(work: Work): void {
  const { gate } = work;
  if (gate.inFlight || gate.connection !== 'open') return;
  const next = gate.updates.shift();
  if (next) write(work, next, 'update-sent');
}

function write(work: Work, update: Update, fact: 'update-sent' | 'fetch-sent'): void {
  const { gate } = work;
  const eventId = makeId(gate);
  gate.inFlight = {
    ...update,
    eventId,
    expiresAt: gate.now + update.timeoutMs,
    whole: mergeSettings(gate.confirmed ?? {}, update.session),
    differences: null,
  };
  move(gate, fact);
  send(work, { type: 'session.update', event_id: eventId, session: { ...update.session, type: 'realtime' } });
}

/** A `session.updated`. It carries no id of ours: it is ours in order, and only if all that was asked for is in it. */
export function readEcho(work: Work, session: Json): void {
  const { gate } = work;
  noteDetection(work, session);
  const asked = gate.inFlight;
  if (!asked) {
    gate.unechoed = gate.unechoed.slice(1);
    return;
  }
  const differences = differencesIn(asked.id === FETCH ? gate.confirmed : asked.session, session).filter(
    (each) => !accepts(work, each),
  );
  if (differences.length === 0) return confirm(work, asked);
  if (gate.unechoed.length > 0) {
    gate.unechoed = gate.unechoed.slice(1);
    return;
  }
  asked.differences = differences;
  if (!gate.rules.sideband) giveUp(work, { kind: 'mismatch', differences });
}

function confirm(work: Work, asked: UpdateInFlight): void {
  const { gate } = work;
  gate.inFlight = null;
  gate.confirmed = asked.whole;
  move(gate, 'echo-matches');
  if (gate.confirmedOn !== gate.connections) {
    gate.confirmedOn = gate.connections;
    gate.epoch++;
  }
  if (asked.id > 0) tell(work, { kind: 'confirmed', update: asked.id });
  sendNextUpdate(work);
}

/** The update in flight has failed. The gate stays shut until the server has said what stands. */
function giveUp(work: Work, failure: ConfigureFailure): void {
  const { gate } = work;
  const asked = gate.inFlight;
  if (!asked) return;
  gate.inFlight = null;
  if (failure.kind === 'timeout' || failure.kind === 'aborted') {
    gate.unechoed = [...gate.unechoed, asked.eventId].slice(-REMEMBERED);
  }
  move(gate, 'update-failed');
  if (asked.id <= 0) {
    return tell(work, { kind: 'broken', message: 'The server no longer confirms what it had confirmed.' });
  }
  fail(work, asked.id, failure);
  if (gate.confirmed) write(work, { id: FETCH, session: {}, timeoutMs: gate.rules.limits.confirmMs }, 'fetch-sent');
  else sendNextUpdate(work);
}

/** The server refused an update: the one in flight, or one that was given up, whose echo will then not come. */
export function refuseUpdate(work: Work, eventId: string | null, failure: ConfigureFailure): void {
  const { gate } = work;
  gate.unechoed = gate.unechoed.filter((each) => each !== eventId);
  if (eventId === null || eventId === gate.inFlight?.eventId) giveUp(work, failure);
}

/** The update in flight is overdue. Where others write too, an echo that was not ours now counts. */
export function giveUpOverdue(work: Work, asked: UpdateInFlight): void {
  giveUp(
    work,
    asked.differences
      ? { kind: 'mismatch', differences: asked.differences }
      : { kind: 'timeout', afterMs: asked.timeoutMs },
  );
}

/** Nobody waits for this update any more. */
export function abandon(work: Work, id: number): void {
  const { gate } = work;
  if (gate.inFlight?.id === id) return giveUp(work, { kind: 'aborted' });
  const waiting = gate.updates.filter((update) => update.id === id);
  gate.updates = gate.updates.filter((update) => update.id !== id);
  for (const update of waiting) fail(work, update.id, { kind: 'aborted' });
}

/** Nothing will be confirmed on this connection any more. */
export function failInFlight(work: Work, failure: ConfigureFailure): void {
  const { gate } = work;
  const asked = gate.inFlight;
  gate.inFlight = null;
  gate.unechoed = [];
  if (asked && asked.id > 0) fail(work, asked.id, failure);
}

/** There will be no other connection. */
export function failWaiting(work: Work, failure: ConfigureFailure): void {
  const { gate } = work;
  const waiting = gate.updates;
  gate.updates = [];
  for (const { id } of waiting) fail(work, id, failure);
}

/** A new connection: the last confirmed configuration again, before anything else. */
export function restore(work: Work): void {
  const { gate } = work;
  if (!gate.confirmed) return sendNextUpdate(work);
  write(work, { id: RESTORE, session: gate.confirmed, timeoutMs: gate.rules.limits.confirmMs }, 'update-sent');
}

const fail = (work: Work, update: number, failure: ConfigureFailure): void =>
  tell(work, { kind: 'unconfirmed', update, failure });

function accepts(work: Work, difference: Difference): boolean {
  try {
    return work.gate.rules.accept(difference);
  } catch (error) {
    fault(work, `accept() threw for '${difference.path}'.`, error);
    return false;
  }
}

/** What decides whether the server answers by itself, and whether it lets the user interrupt. */
export function noteDetection(work: Work, session: Json): void {
  const { gate } = work;
  const detection = at(session, 'audio', 'input', 'turn_detection');
  if (detection === undefined) return;
  if (!isRecord(detection)) {
    gate.detection = { responds: false, interrupts: false };
    return move(gate, 'detection-off');
  }
  gate.detection = {
    responds: detection['create_response'] !== false,
    interrupts: detection['interrupt_response'] !== false,
  };
}
