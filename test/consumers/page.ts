/** Writes the parts of `docs/typescript.md` that come from the matrix. */
import { boundaries } from './boundaries.js';
import { dimensions, exclusions, nameOf, rows } from './matrix.js';
import { pairsOf } from './pairwise.js';
import { tableOf } from '../tools/tables.js';

/** The generated parts of the page, by name. */
export function parts(): Readonly<Record<string, string>> {
  return { settings: settings(), 'never-together': neverTogether(), boundaries: beyond(), rows: list() };
}

const settings = (): string =>
  tableOf(
    ['setting', 'values'],
    Object.entries(dimensions).map(([name, values]) => [name, values.join(' · ')]),
  );

const neverTogether = (): string =>
  tableOf(
    ['these', 'never meet, because'],
    exclusions.map(({ never, because }) => [
      Object.entries(never)
        .map(([name, values]) => `${name} ${values.join(', ')}`)
        .join(' and '),
      because,
    ]),
  );

const beyond = (): string =>
  tableOf(
    ['project', 'TypeScript'],
    boundaries.map(({ name, compilers }) => [name, compilers.join(', ')]),
  );

const list = (): string =>
  [
    `${rows.length} projects; ${pairsOf(dimensions, exclusions).size} pairs of settings, all of them met.`,
    '',
    ...rows.map((row, at) => `${at + 1}. ${nameOf(row)}`),
  ].join('\n');
