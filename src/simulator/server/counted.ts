import type { BadUpdate, Faults, Refusal } from './faults.js';
import type { Output } from './input.js';
import type { Server } from './state.js';

// Faults that are used up: each counts what is to come, and is over once it has happened.

/** A connection that is refused before anything is known of it. */
export interface TurnedAway {
  readonly by: Refusal;
  readonly afterMs: number;
}

/** Whether the next connection is turned away, by this server, for all that have its address. */
export function turnAway(server: Server, all: readonly { readonly server: Server }[]): TurnedAway | null {
  const { refusal, maxConnections } = server.faults;
  if (refusal !== null && typeof refusal === 'object') {
    const { next, by, afterMs = 0 } = refusal;
    change(server, { refusal: next > 1 ? { ...refusal, next: next - 1 } : null });
    return { by, afterMs };
  }
  if (refusal !== null) return { by: refusal, afterMs: 0 };
  return maxConnections !== null && openIn(all) >= maxConnections ? { by: 'http429', afterMs: 0 } : null;
}

const openIn = (all: readonly { readonly server: Server }[]): number =>
  all.reduce((sum, { server }) => sum + server.connections.length, 0);

/** What is wrong with the answer to an update that has just been accepted. */
export function badUpdate(server: Server): BadUpdate['is'] | null {
  const { badUpdate: bad } = server.faults;
  if (bad === null) return null;
  change(server, { badUpdate: bad.nth > 1 ? { ...bad, nth: bad.nth - 1 } : null });
  return bad.nth > 1 ? null : bad.is;
}

/** The output that is the fatal frame among these, if it is. */
export function fatalFrame(server: Server): Extract<Output, { type: 'frame' }> | null {
  const { dieAtFrame: nth } = server.faults;
  if (nth === null) return null;
  const frames = server.outputs.filter((output) => output.type === 'frame');
  const fatal = frames[nth - 1] ?? null;
  change(server, { dieAtFrame: fatal ? null : nth - frames.length });
  return fatal;
}

function change(server: Server, faults: Partial<Faults>): void {
  server.faults = { ...server.faults, ...faults };
}

/** Faults of whoever admits connections, where several servers have one address, and the faults of each server. */
export function shared({ refusal, maxConnections, ...own }: Partial<Faults>): {
  readonly atDoor: Partial<Faults>;
  readonly own: Partial<Faults>;
} {
  const atDoor = { ...(refusal !== undefined && { refusal }), ...(maxConnections !== undefined && { maxConnections }) };
  return { atDoor, own };
}
