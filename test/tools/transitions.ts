/**
 * Law 15: a test covers every transition of every table. Reads the records of `test/support/transitions.setup.ts`, and
 * lists transitions that no test covers: remove them from the table, or add a test.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dimensions, lives } from '../../src/machine/index.js';
import { root } from './packed.js';

interface Rows {
  readonly name: string;
  readonly rows: Readonly<Record<string, object>>;
}

const folder = join(root, 'coverage/transitions');
const files = existsSync(folder) ? readdirSync(folder) : [];
const taken = new Set(files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n')));

const tables: readonly Rows[] = [...Object.values(dimensions), ...Object.values(lives)];
const all = tables.flatMap(({ name, rows }) =>
  Object.entries(rows).flatMap(([from, row]) => Object.keys(row).map((fact) => ({ name, from, fact }))),
);
const untaken = all.filter(({ name, from, fact }) => !taken.has(`${name}\t${from}\t${fact}`));

for (const { name, from, fact } of untaken) console.log(`Nobody took: ${name}, from '${from}', on '${fact}'.`);
console.log(`${all.length - untaken.length} of ${all.length} transitions were taken.`);
process.exitCode = untaken.length === 0 ? 0 : 1;
