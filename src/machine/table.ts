import type { FactName } from './facts.js';

/** The transitions of one small machine: a fact that a state does not name leaves it as it is. */
export interface Table<State extends string> {
  readonly name: string;
  /** The initial state. */
  readonly first: State;
  readonly rows: Rows<State>;
}
type Rows<State extends string> = { readonly [From in State]: { readonly [On in FactName]?: State } };

export type StateOf<Of> = Of extends Table<infer State> ? State : never;

/** Builds a table from its name and rows. The first row is the initial state. */
export function table<State extends string>(name: string, rows: Rows<State>): Table<State> {
  const [first] = Object.keys(rows) as State[];
  if (first === undefined) throw new Error(`The table '${name}' has no state.`);
  return { name, first, rows };
}

/**
 * The state that follows, or undefined where the fact moves nothing. Every transition of every table passes through
 * here.
 */
export const next = <State extends string>({ rows }: Table<State>, from: State, fact: FactName): State | undefined =>
  rows[from][fact];

/** Moves one of many things, such as a request, and returns whether it moved. */
export function advance<State extends string>(
  thing: { state: State },
  life: Table<State>,
  fact: FactName,
): 'moved' | 'unmoved' {
  const state = next(life, thing.state, fact);
  if (state === undefined) return 'unmoved';
  thing.state = state;
  return 'moved';
}
