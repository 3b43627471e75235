import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { beOneOfCrowd, crowds, crowdTable } from './crowd.js';
import { budgetCost, budgetTable } from './budget.js';
import { callProfile, callProfileTable } from './call-profile.js';
import { callCentre, callsTable, takePart } from './calls.js';
import { decisionCost, decisionTable } from './decisions.js';
import { growth, growthTable } from './growth.js';
import { contend, measurePaired, pairedTable, type Paired } from './pairs.js';
import { sessionRows } from './session.js';
import { starts, startsTable } from './starts.js';
import { simulatedCalls, simulatedTable } from './simulator.js';
import { gateStep, stepTable } from './step.js';

/** The measurements, by the name that `--row` takes. */
const sections: Readonly<Record<string, (size: number | undefined) => Promise<string>>> = {
  calls: async (size) => callsTable(await callCentre(size)),
  profile: async (size) => callProfileTable(await callProfile(size)),
  session: async () => {
    const all: Paired[] = [];
    for (const row of sessionRows) all.push(await measurePaired(row));
    return pairedTable(all);
  },
  step: async () => Promise.resolve(stepTable(gateStep())),
  memory: async (size) => crowdTable(await crowds(size)),
  starts: async () => Promise.resolve(startsTable(starts())),
  simulator: async () => simulatedTable(await simulatedCalls()),
  decisions: async () => decisionTable(await decisionCost()),
  budget: async () => Promise.resolve(budgetTable(budgetCost())),
  // The last, since it leaves a thousand sessions to the garbage collector.
  growth: async () => growthTable(await growth()),
};

const { BENCH_CONTENDER, BENCH_CALLS, BENCH_CROWD } = process.env;
if (BENCH_CONTENDER) await contend(sessionRows, BENCH_CONTENDER);
else if (BENCH_CALLS) await takePart(BENCH_CALLS);
else if (BENCH_CROWD) await beOneOfCrowd(BENCH_CROWD);
else await report();
process.exit();

async function report(): Promise<void> {
  const { values } = parseArgs({ options: { row: { type: 'string' }, size: { type: 'string' } } });
  const names = values.row === undefined ? Object.keys(sections) : [values.row];
  console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'an unknown processor'}, ${cpus().length} cores.`);
  for (const name of names) {
    const section = sections[name];
    if (!section) throw new Error(`--row is one of ${Object.keys(sections).join(', ')}.`);
    console.error(`${name} …`);
    console.log(`\n${await section(values.size === undefined ? undefined : Number(values.size))}`);
  }
}
