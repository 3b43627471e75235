import { anyone, shutFor, type Gate } from '../../src/machine/index.js';
import { shutOnTheWire, type Oracle } from './oracle.js';

const seenOnTheWire: ReadonlySet<string> = new Set(['user-speaking', 'response-imminent', 'response-active']);

/** Nobody is held by what is not so; what is overdue may still have to be told that it is. */
export function heldWithoutReason(gate: Gate, oracle: Oracle, now: number): readonly string[] {
  if (gate.connection !== 'open' || gate.due <= now) return [];
  const known = shutOnTheWire(oracle);
  return shutFor(gate, anyone)
    .filter(({ name }) => seenOnTheWire.has(name) && !known.includes(name))
    .map(
      ({ name }) => `${name === 'response-active' ? 'L12' : 'liveness'}: the gate is shut by ${name} without a reason`,
    );
}
