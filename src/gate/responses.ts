import type { ResponseOutcome } from '../../types/index.js';
import { forgetOldest } from '../bounded.js';
import { slotIsHeld } from './guards.js';
import type { Gate, OpenResponse } from './state.js';
import { responseLife, type Fact } from './table.js';
import { fault, live, makeId, move, send, tell, type Work } from './work.js';

/** How many ended ids are remembered, and how many responses may be open: a bound, not a tuning. */
const REMEMBERED = 256;

/** The entry of an id; opened if it is new. Null: it has ended, or there are too many. */
export function entryOf(work: Work, id: string): OpenResponse | null {
  const { gate } = work;
  const known = gate.responses.get(id);
  if (known) return Object.assign(known, { lastAt: gate.now });
  if (gate.ended.has(id)) return null;
  if (gate.responses.size >= REMEMBERED) {
    fault(work, `More than ${REMEMBERED} responses are open: '${id}' is not followed.`);
    return null;
  }
  const entry: OpenResponse = {
    id,
    state: 'open',
    lane: 'default',
    purpose: null,
    answers: [],
    told: false,
    automatic: null,
    begun: false,
    lastAt: gate.now,
    cancelSent: false,
    overtaken: false,
  };
  gate.responses.set(id, entry);
  return entry;
}

/** It turns out to be out of band: if it seemed to hold the slot, it does so no more. */
export function leaveConversation(gate: Gate, response: OpenResponse): void {
  const heldSlot = slotIsHeld(gate);
  response.lane = 'out-of-band';
  if (heldSlot && !slotIsHeld(gate)) move(gate, 'slot-freed');
}

/** A default response was created: whatever held the slot before holds it no more. */
export function supersedeOthers(gate: Gate, by: OpenResponse): void {
  for (const other of gate.responses.values()) {
    if (other !== by && other.lane === 'default') live(other, responseLife, 'superseded');
  }
}

/** It is over: told once, and remembered. */
export function endResponse(work: Work, response: OpenResponse, fact: Fact, outcome: ResponseOutcome): void {
  const { gate } = work;
  const heldSlot = slotIsHeld(gate);
  live(response, responseLife, fact);
  gate.responses.delete(response.id);
  remember(gate, response.id);
  if (heldSlot && !slotIsHeld(gate)) move(gate, 'slot-freed');
  const { id, lane, answers: requests } = response;
  tell(work, { kind: 'ended', response: id, lane, requests, outcome });
}

function remember(gate: Gate, id: string): void {
  gate.ended.add(id);
  forgetOldest(gate.ended, REMEMBERED);
}

/** Cancels a response by its id, once. */
export function cancelResponse(work: Work, response: OpenResponse): void {
  if (response.cancelSent) return;
  response.cancelSent = true;
  send(work, { type: 'response.cancel', event_id: makeId(work.gate), response_id: response.id });
}

/** Cancels what holds the slot, where its id is known. */
export function cancelSlot(work: Work): void {
  for (const response of work.gate.responses.values()) {
    if (response.state === 'open' && response.lane === 'default') cancelResponse(work, response);
  }
}
