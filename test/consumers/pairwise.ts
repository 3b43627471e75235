/**
 * Selects a small set of rows in which every possible pair of values occurs. The same table always gives the same
 * rows.
 */

export type Dimensions = Readonly<Record<string, readonly string[]>>;
/** One value of every dimension. */
export type RowOf<Table extends Dimensions> = { readonly [Name in keyof Table]: Table[Name][number] };
/** Two dimensions, with values that never occur together. */
export interface Exclusion<Table extends Dimensions> {
  readonly never: { readonly [Name in keyof Table]?: readonly Table[Name][number][] };
  readonly because: string;
}

type Cell = readonly [name: string, value: string];
type Partial = ReadonlyMap<string, string>;

/** Every possible pair of values, as text. */
export function pairsOf<Table extends Dimensions>(
  table: Table,
  exclusions: readonly Exclusion<Table>[],
): ReadonlySet<string> {
  const cells = cellsOf(table);
  const pairs = cells.flatMap((one) => cells.filter(([name]) => name > one[0]).map((other) => [one, other] as const));
  return new Set(
    pairs.filter((pair) => isAllowed(new Map(pair), exclusions)).map(([one, other]) => pairOf(one, other)),
  );
}

/** The pairs in a row. */
export function pairsIn(row: Readonly<Record<string, string>>): readonly string[] {
  const cells = Object.entries(row);
  return cells.flatMap((one) => cells.filter(([name]) => name > one[0]).map((other) => pairOf(one, other)));
}

/**
 * The rows that are given, and as many more as it takes: each time the row that brings most new pairs together.
 *
 * @throws for a pair that no row can hold.
 */
export function selectRows<Table extends Dimensions>(
  table: Table,
  exclusions: readonly Exclusion<Table>[],
  given: readonly RowOf<Table>[],
): readonly RowOf<Table>[] {
  const rows: RowOf<Table>[] = [...given];
  const open = new Set(pairsOf(table, exclusions));
  for (const row of rows) for (const pair of pairsIn(row)) open.delete(pair);
  while (open.size > 0) {
    const row = bestRow(table, exclusions, open);
    rows.push(row);
    for (const pair of pairsIn(row)) open.delete(pair);
  }
  return rows;
}

function bestRow<Table extends Dimensions>(
  table: Table,
  exclusions: readonly Exclusion<Table>[],
  open: ReadonlySet<string>,
): RowOf<Table> {
  const candidates = [...open].map((pair) => {
    const row = completed(table, exclusions, open, new Map(JSON.parse(pair) as Cell[]));
    return { row, brings: pairsIn(row).filter((each) => open.has(each)).length };
  });
  return candidates.reduce((best, each) => (each.brings > best.brings ? each : best)).row;
}

/** Completes a row, one dimension at a time, with the value that adds most new pairs. */
function completed<Table extends Dimensions>(
  table: Table,
  exclusions: readonly Exclusion<Table>[],
  open: ReadonlySet<string>,
  start: Partial,
): RowOf<Table> {
  let row = start;
  for (const [name, values] of Object.entries(table)) {
    if (row.has(name)) continue;
    const possible = values
      .map((value) => new Map([...row, [name, value]]))
      .filter((each) => isAllowed(each, exclusions))
      .map((each) => ({
        row: each,
        brings: pairsIn(Object.fromEntries(each)).filter((pair) => open.has(pair)).length,
      }));
    if (possible.length === 0) throw new Error(`No ${name} goes with ${[...row.values()].join(', ')}.`);
    row = possible.reduce((best, each) => (each.brings > best.brings ? each : best)).row;
  }
  return Object.fromEntries(Object.keys(table).map((name) => [name, row.get(name)])) as RowOf<Table>;
}

function isAllowed<Table extends Dimensions>(row: Partial, exclusions: readonly Exclusion<Table>[]): boolean {
  return !exclusions.some(({ never }) =>
    Object.entries(never).every(([name, values]) => values?.includes(row.get(name) ?? '')),
  );
}

const cellsOf = (table: Dimensions): readonly Cell[] =>
  Object.entries(table).flatMap(([name, values]) => values.map((value): Cell => [name, value]));
const pairOf = (...cells: readonly [Cell, Cell]): string =>
  JSON.stringify([...cells].sort(([one], [other]) => (one < other ? -1 : 1)));
