import { forgetOldest } from '../bounded.js';
import { PeerError } from '../errors.js';
import { giveUpOverdue } from './confirmation.js';
import { slotIsHeld } from './guards.js';
import { comeToNothing, expire } from './requests.js';
import { endResponse } from './responses.js';
import type { Gate, OpenResponse, Request } from './state.js';
import { patience } from './table.js';
import { fault, move, type Work } from './work.js';

/** What time alone brings about. Watchdogs free what they watch; none of them sends. */
export function elapse(work: Work): void {
  const { gate } = work;
  if (gate.now < gate.due) return;
  expire(work);
  for (const row of patience) {
    if (gate.now < overdueAt(gate, row)) continue;
    if (row.fault) fault(work, `${row.fault} ${gate.rules.limits[row.limit]} ms.`);
    move(gate, row.then);
  }
  for (const request of sent(gate)) if (gate.now >= createOverdueAt(gate, request)) leaveUnanswered(work, request);
  for (const response of gate.responses.values()) {
    if (gate.now >= responseOverdueAt(gate, response)) endUnended(work, response);
  }
  if (gate.inFlight && gate.now >= gate.inFlight.expiresAt) giveUpOverdue(work, gate.inFlight);
}

/** When the next of these is due; Infinity if none is. */
export function nextDue(gate: Gate): number {
  let due = gate.inFlight?.expiresAt ?? Infinity;
  for (const row of patience) due = Math.min(due, overdueAt(gate, row));
  for (const request of gate.requests.values()) due = Math.min(due, requestDueAt(gate, request));
  for (const response of gate.responses.values()) due = Math.min(due, responseOverdueAt(gate, response));
  return due;
}

function overdueAt(gate: Gate, { dimension, state, limit, stoppedBy }: (typeof patience)[number]): number {
  if (gate[dimension] !== state || (stoppedBy === 'an open response' && slotIsHeld(gate))) return Infinity;
  return gate.since[dimension] + gate.rules.limits[limit];
}
const requestDueAt = (gate: Gate, request: Request): number =>
  request.state === 'sent' ? createOverdueAt(gate, request) : request.expiresAt;
const createOverdueAt = (gate: Gate, { writtenAt }: Request): number => writtenAt + gate.rules.limits.createdMs;
const responseOverdueAt = (gate: Gate, { lastAt }: OpenResponse): number => lastAt + gate.rules.limits.responseMs;

const sent = (gate: Gate): readonly Request[] => [...gate.requests.values()].filter(({ state }) => state === 'sent');

/** How many unanswered creates are remembered: a bound, not a tuning. */
const REMEMBERED = 32;

/** It may be created yet: then it is known again, though nobody waits for it. */
function leaveUnanswered(work: Work, request: Request): void {
  const { late } = work.gate;
  late.set(request.token, request);
  forgetOldest(late, REMEMBERED);
  fault(work, `The server neither created nor refused the response for '${request.purpose}'.`);
  comeToNothing(work, request, 'unanswered', undefined, 'create-overdue');
}

function endUnended(work: Work, response: OpenResponse): void {
  const cause = new PeerError(`The server never ended the response ${response.id}.`);
  fault(work, cause.message);
  endResponse(work, response, 'response-overdue', { status: 'lost', cause });
}
