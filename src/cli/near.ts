/** The names that `typed` may be a typo of, the nearest first. */
export const near = (typed: string, names: readonly string[]): readonly string[] =>
  names
    .map((name) => ({ name, typos: name.startsWith(typed) && typed !== '' ? 0 : typosBetween(typed, name) }))
    .filter(({ name, typos }) => typos <= Math.max(1, Math.floor(name.length / 3)))
    .sort((one, other) => one.typos - other.typos)
    .map(({ name }) => name);

/** A question that suggests them, beginning with a space; empty where none is near. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const found = near(typed, names);
  return found.length === 0 ? '' : ` Did you mean ${found.join(' or ')}?`;
}

/** The number of typos between two words: letters added, left out, replaced, or swapped with their neighbour. */
function typosBetween(typed: string, name: string): number {
  const rows: number[][] = [Array.from({ length: name.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= typed.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= name.length; column += 1) {
      const replaced = at(row - 1, column - 1) + (typed[row - 1] === name[column - 1] ? 0 : 1);
      const exchanged = typed[row - 1] === name[column - 2] && typed[row - 2] === name[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          replaced,
          exchanged ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(typed.length, name.length);
}
