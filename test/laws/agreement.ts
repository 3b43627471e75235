import { anyone, dueAt, isOpen, shutFor, type Session } from '../../src/machine/index.js';
import { shutOnTheWire, type Oracle } from './oracle.js';

const seenOnTheWire: ReadonlySet<string> = new Set([
  'unconfirmed',
  'user-speaking',
  'response-imminent',
  'response-active',
]);

/**
 * Finds requests that a guard holds without a reason on the wire. A deadline that has just passed may still have to be
 * reported.
 */
export function heldWithoutReason(session: Session, oracle: Oracle, now: number): readonly string[] {
  if (!isOpen(session) || dueAt(session) <= now) return [];
  const known = shutOnTheWire(oracle);
  return shutFor(session, anyone)
    .filter(({ name }) => seenOnTheWire.has(name) && !known.includes(name))
    .map(({ name }) => `${name === 'response-active' ? 'L12' : 'L14'}: the gate is shut by ${name} without a reason`);
}
