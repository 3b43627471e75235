import { cpus } from 'node:os';
import { beAlone, measureApart } from './apart.js';
import { beOneOfCrowd, crowds, crowdTable } from './crowd.js';
import { budgetCost, budgetTable } from './budget.js';
import { decisionCost, decisionTable } from './decisions.js';
import { latencies, latencyTable } from './latency.js';
import { measure, table, type Result, type Row } from './measure.js';
import { sessionRows } from './session.js';
import { gateStep, stepTable } from './step.js';
import { wireRows } from './wire.js';

if (process.env['BENCH_ALONE']) await beAlone(sessionRows, process.env['BENCH_ALONE']);
else if (process.env['BENCH_CROWD']) await beOneOfCrowd(process.env['BENCH_CROWD']);
else await report(new Set(process.argv.slice(2)));
process.exit();

async function report(options: ReadonlySet<string>): Promise<void> {
  const say = options.has('--markdown') ? () => undefined : (what: string): void => console.error(what);
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'an unknown processor'}, ${cpus().length} cores.\n`);
  // First: a function that has seen nothing else is what is measured.
  const steps = stepTable(gateStep());
  say('Events in, audio in, audio out …');
  console.log(`${table(await measureApart(sessionRows))}\n`);
  if (options.has('--wire')) console.log(`${table(await all(wireRows()))}\n`);
  say('respond() …');
  console.log(`${latencyTable(await latencies())}\n`);
  say('Decision records …');
  console.log(`${decisionTable(await decisionCost())}\n`);
  say('A budget …');
  console.log(`${budgetTable(budgetCost())}\n`);
  console.log(`${steps}\n`);
  say('A thousand sessions …');
  console.log(crowdTable(await crowds()));
}

async function all(rows: readonly Row[]): Promise<readonly Result[]> {
  const results = [];
  for (const row of rows) results.push(await measure(row));
  return results;
}
