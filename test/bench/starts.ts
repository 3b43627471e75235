/** What importing costs: processor time of a fresh process during the import. Node takes some for any file. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { markdown, spreadOf } from './measure.js';
import { OURS } from './row.js';

const ROUNDS = 21;
const AIMED_MS = 15;
const root = process.cwd();
const imports = {
  [`${OURS}/ws`]: pathToFileURL(join(root, 'dist/ws.js')).href,
  [OURS]: pathToFileURL(join(root, 'dist/index.js')).href,
  ws: 'ws',
  'openai/realtime/ws': 'openai/realtime/ws',
  'an empty file': pathToFileURL(join(root, 'test/bench/empty.mjs')).href,
};
type Name = keyof typeof imports;

export function starts(): Readonly<Record<Name, readonly number[]>> {
  const names = Object.keys(imports) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) found[name].push(importing(imports[name]));
  }
  return found;
}

function importing(what: string): number {
  const code = `const before = process.cpuUsage(); await import(${JSON.stringify(what)});
    const { user, system } = process.cpuUsage(before); console.log((user + system) / 1_000);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' }));
}

export function startsTable(found: ReturnType<typeof starts>): string {
  const rows = (Object.keys(found) as Name[]).map((name) => {
    const { low, median, high } = spreadOf(found[name]);
    const isAimed = name === `${OURS}/ws`;
    return [
      `\`import '${name}'\``,
      `${median.toFixed(0)} ms`,
      `${low.toFixed(0)} to ${high.toFixed(0)} ms`,
      isAimed ? `${AIMED_MS} ms` : '',
      isAimed ? (median <= AIMED_MS ? 'reached' : 'missed') : '',
    ];
  });
  return markdown([['what', 'processor time', 'spread', 'aim', ''], ...rows]);
}
