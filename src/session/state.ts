import type { SessionState } from '../../types/index.js';
import { anyone, shutFor, type Gate } from '../gate/index.js';

/** What the gate sees now, as a copy that is safe to print: names, ids and counts. */
export function stateOf(gate: Gate, now: number, dropped: number): SessionState {
  const waiting = gate.queue.flatMap((id) => gate.requests.get(id) ?? []);
  const out = [...gate.requests.values()].find(({ state, lane }) => state === 'sent' && lane === 'default');
  return {
    connection: gate.connection === 'away' ? 'closed' : gate.connection,
    epoch: gate.epoch,
    shut: shutFor(gate, anyone).map(({ name }) => name),
    held: waiting.map((request) => ({
      purpose: request.purpose,
      by: shutFor(gate, request).map(({ name }) => name),
      sinceMs: Math.round(now - request.askedAt),
    })),
    outstanding: out?.purpose ?? null,
    responses: [...gate.responses.values()].map(({ id, purpose, lane }) => ({
      id,
      purpose,
      outOfBand: lane === 'out-of-band',
    })),
    dropped,
  };
}
