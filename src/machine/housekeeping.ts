import { forgetOldest } from '../bounded.js';
import { include } from '../collections.js';
import { isAway, isOpen } from './connection.js';
import type { ClientEvent } from './effects.js';
import { isSideband } from './sideband.js';
import type { Session } from './state.js';
import { makeId, send, type Work } from './work.js';

// Frames whose refusal can be ignored, such as a cancel of a response that had already ended.

/** How many of them are remembered: a memory bound, not a setting. */
const REMEMBERED = 256;

export const isHousekeeping = ({ housekeeping }: Session, eventId: string): boolean => housekeeping.has(eventId);

export function noteHousekeeping(session: Session, eventId: string): void {
  session.housekeeping = include(session.housekeeping, eventId);
  forgetOldest(session.housekeeping, REMEMBERED);
}

/**
 * Sends a housekeeping frame with an id, so that its refusal is recognised. Sends nothing once the session is closing;
 * what a call is to be told waits for its control line.
 */
export function sendHousekeeping(work: Work, frame: ClientEvent): void {
  if (isAway(work.session) && isSideband(work.session)) return void work.session.restore.held.push(frame);
  if (!isOpen(work.session)) return;
  const eventId = makeId(work.session);
  noteHousekeeping(work.session, eventId);
  send(work, { ...frame, event_id: eventId });
}
