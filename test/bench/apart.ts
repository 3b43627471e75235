import { execFileSync } from 'node:child_process';
import { measureAlone, median, OURS, type Result, type Row } from './measure.js';

type Rows = readonly (() => Promise<Row>)[];

/** How often each way has its turn. */
const TURNS = 3;

/**
 * Every way in a process of its own, in turn: none pays for what another leaves on the heap, or for what the compiler
 * has learned of another.
 */
export async function measureApart(rows: Rows): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [index, make] of rows.entries()) {
    const row = await make();
    const names = [OURS, ...Object.keys(row.others)];
    const turns = Array.from({ length: TURNS }, () => names.map((name) => inChild(index, name)));
    const medians = names.map((name, at) => [name, median(turns.map((turn) => turn[at] ?? NaN))] as const);
    results.push({ row, medians: Object.fromEntries(medians) });
  }
  return results;
}

function inChild(row: number, name: string): number {
  const env = { ...process.env, BENCH_ALONE: JSON.stringify([row, name]) };
  return Number(execFileSync(process.execPath, ['--expose-gc', String(process.argv[1])], { env, encoding: 'utf8' }));
}

/** What the child does. */
export async function beAlone(rows: Rows, asked: string): Promise<void> {
  const [index, name] = JSON.parse(asked) as [number, string];
  const row = await rows[index]?.();
  if (row) process.stdout.write(String(await measureAlone(row, name)));
}
