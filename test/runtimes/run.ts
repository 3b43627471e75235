/**
 * `npm run runtimes`: the packed package in every runtime that has a WebSocket of its own, against a simulated server on
 * this machine. Prints a table, and fails if a check does. A runtime that is not installed is named, and counts as skipped;
 * with `--all` it counts as failed.
 */
import { join } from 'node:path';
import { everything, openWorkshop, root, run } from '../tools/packed.js';
import type { Finding } from './places.js';
import { runtimes, type Runtime, type Surroundings } from './runtimes.js';
import { openStage } from './stage.js';

type Row = { readonly name: string } & (
  | { readonly version: string; readonly findings: readonly Finding[]; readonly seconds: number }
  | { readonly missing: string }
);

await run('npm', ['ci', '--silent'], { cwd: join(root, 'test/runtimes/installed') });
const workshop = await openWorkshop();
const stage = await openStage();
const rows: Row[] = [];
try {
  for (const [at, runtime] of runtimes.entries()) {
    const { ws: _ws, openai: _openai, ...installed } = everything;
    const project = await workshop.project(`runtime-${at}`, installed, { 'package.json': '{ "type": "module" }' });
    rows.push(await tried(runtime, { stage, project }));
    console.log(lineOf(rows.at(-1)!));
  }
} finally {
  await stage.close();
  await workshop.dispose();
}

const findings = rows.flatMap((row) => ('findings' in row ? row.findings : []));
const failed = findings.filter(({ wrong }) => wrong !== null).length;
const skipped = rows.filter((row) => 'missing' in row).length;
const isWhole = skipped === 0 || !process.argv.includes('--all');
console.log(
  `\n${findings.length - failed} passed, ${failed + (isWhole ? 0 : skipped)} failed, ${isWhole ? skipped : 0} skipped`,
);
process.exitCode = failed === 0 && isWhole ? 0 : 1;

async function tried(runtime: Runtime, surroundings: Surroundings): Promise<Row> {
  const { name } = runtime;
  const command = runtime.command();
  if (command === null) return { name, missing: 'it is not installed' };
  const startedAt = performance.now();
  const version = await runtime.version(command);
  const found = await runtime
    .run(command, surroundings)
    .catch((error: unknown): Finding[] => [{ check: 'it runs', wrong: String(error) }]);
  return { name, version, findings: found, seconds: (performance.now() - startedAt) / 1000 };
}

function lineOf(row: Row): string {
  if ('missing' in row) return `– ${row.name}: skipped, ${row.missing}`;
  const wrong = row.findings.flatMap(({ check, wrong: why }) => (why === null ? [] : [`    ${check}: ${why}`]));
  const counts = `${row.findings.length - wrong.length} of ${row.findings.length} checks hold`;
  const head = `${wrong.length === 0 ? '✓' : '✗'} ${row.name} ${row.version}: ${counts} (${row.seconds.toFixed(1)} s)`;
  return [head, ...wrong].join('\n');
}
