import type { FactName } from './facts.js';

/** The transitions of one small machine: a fact that a state does not name leaves it as it is. */
export interface Table<State extends string> {
  readonly name: string;
  /** Where it begins. */
  readonly first: State;
  readonly rows: Rows<State>;
}
type Rows<State extends string> = { readonly [From in State]: { readonly [On in FactName]?: State } };

export type StateOf<Of> = Of extends Table<infer State> ? State : never;

/** A table by its name and rows; it begins in the state of the first row. */
export function table<State extends string>(name: string, rows: Rows<State>): Table<State> {
  const [first] = Object.keys(rows) as State[];
  if (first === undefined) throw new Error(`The table '${name}' has no state.`);
  return { name, first, rows };
}

/** The state that follows; undefined where the fact moves nothing. Every transition of every table passes here. */
export const next = <State extends string>({ rows }: Table<State>, from: State, fact: FactName): State | undefined =>
  rows[from][fact];

/** Moves one thing of many, such as a request, and says whether it moved. */
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
