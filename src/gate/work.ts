import type { Effects, Notice } from './effects.js';
import type { ClientEvent, Gate } from './state.js';
import { dimensions, transcribedTurn, type Dimension, type Fact } from './table.js';

/** One step under way: the state it changes, and the effects it collects. */
export interface Work extends Effects {
  readonly gate: Gate;
  /** What the user's own guards have answered in this step; null while none was asked. */
  asked: Map<string, boolean> | null;
}

export const begin = (gate: Gate): Work => ({ gate, frames: [], notices: [], asked: null });

export const send = (work: Work, frame: ClientEvent): void => void work.frames.push(frame);
export const tell = (work: Work, notice: Notice): void => void work.notices.push(notice);
export const fault = (work: Work, message: string, cause?: unknown): void =>
  tell(work, { kind: 'fault', message, cause });

/** An id that no other writer makes up: `event_id`s, tokens, items. */
export const makeId = (gate: Gate): string => `${gate.rules.prefix}_${++gate.ids}`;

type Rows = Readonly<Record<string, Readonly<Partial<Record<Fact, string>>>>>;

/** The table by its columns: which dimensions a fact can move. */
const movedBy: ReadonlyMap<string, ReadonlySet<Dimension>> = (() => {
  const columns = new Map<string, Set<Dimension>>();
  for (const [name, rows] of [...Object.entries<Rows>(dimensions), ['turn', transcribedTurn] as const]) {
    for (const fact of Object.values(rows).flatMap((row) => Object.keys(row))) {
      columns.set(fact, (columns.get(fact) ?? new Set()).add(name as Dimension));
    }
  }
  return columns;
})();

/** Moves every dimension that the table moves on this fact. */
export function move(gate: Gate, fact: Fact): void {
  for (const name of movedBy.get(fact) ?? []) {
    const rows: Rows = name === 'turn' && gate.rules.turnEnds === 'transcribed' ? transcribedTurn : dimensions[name];
    const next = rows[gate[name]]?.[fact];
    if (next === undefined) continue;
    Object.assign(gate, { [name]: next });
    if (name === 'turn' || name === 'automatic') gate.since[name] = gate.now;
  }
}

/** The life of a request or of a response: moved, or left where it is. */
export function live<State extends string>(
  thing: { state: State },
  life: { readonly [From in State]: { readonly [On in Fact]?: State } },
  fact: Fact,
): 'moved' | 'unmoved' {
  const next = life[thing.state][fact];
  if (next === undefined) return 'unmoved';
  thing.state = next;
  return 'moved';
}
