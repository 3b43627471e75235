import { forgetOldest } from '../bounded.js';
import { isOpen } from './connection.js';
import type { ClientEvent } from './effects.js';
import type { Session } from './state.js';
import { makeId, send, type Work } from './work.js';

// Frames whose refusal concerns nobody, such as a cancel: what they were to end had ended already.

/** How many of them are remembered: a bound, not a tuning. */
const REMEMBERED = 256;

export const isHousekeeping = ({ housekeeping }: Session, eventId: string): boolean => housekeeping.has(eventId);

export function noteHousekeeping({ housekeeping }: Session, eventId: string): void {
  housekeeping.add(eventId);
  forgetOldest(housekeeping, REMEMBERED);
}

/** Sends such a frame, with an id by which its refusal is known; none once the session is closing. */
export function sendHousekeeping(work: Work, frame: ClientEvent): void {
  if (!isOpen(work.session)) return;
  const eventId = makeId(work.session);
  noteHousekeeping(work.session, eventId);
  send(work, { ...frame, event_id: eventId });
}
