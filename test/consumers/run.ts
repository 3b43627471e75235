/** `npm run consumers`: every row and every boundary, with compilers and peers installed only for this purpose. */
import { join } from 'node:path';
import { openWorkshop, root, run } from '../tools/packed.js';
import { boundaries } from './boundaries.js';
import { check, checkBoundary } from './check.js';
import { dimensions, exclusions, nameOf, rows } from './matrix.js';
import { pairsIn, pairsOf } from './pairwise.js';
import { twoAtATime } from '../tools/two-at-a-time.js';

const counts = { kept: 0, broken: 0 };

await run('npm', ['ci', '--silent'], { cwd: join(root, 'test/consumers/installed') });
const workshop = await openWorkshop();
try {
  const tasks: readonly Task[] = [
    ...boundaries.flatMap((boundary) =>
      boundary.compilers.map((version) => ({
        name: `TypeScript ${version} · ${boundary.name}`,
        findings: () => checkBoundary(workshop, boundary, version),
      })),
    ),
    ...rows.map((row, at) => ({ name: nameOf(row), findings: () => check(workshop, row, `row-${at}`) })),
  ];
  await twoAtATime(tasks, perform);
} finally {
  await workshop.dispose();
}

const possible = pairsOf(dimensions, exclusions);
const met = new Set(rows.flatMap(pairsIn));
console.log(`\n${met.size} of ${possible.size} pairs of settings that can meet, in ${rows.length} rows`);
for (const { because } of exclusions) console.log(`  never together: ${because}`);
console.log(`\n${counts.kept} kept, ${counts.broken} broken`);
process.exitCode = counts.broken === 0 && met.size === possible.size ? 0 : 1;

interface Task {
  readonly name: string;
  findings(): Promise<readonly string[]>;
}

async function perform({ name, findings }: Task): Promise<void> {
  const startedAt = performance.now();
  const found = await findings();
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${found.length === 0 ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`);
  for (const finding of found) console.log(finding.replaceAll(/^/gm, '    '));
  counts[found.length === 0 ? 'kept' : 'broken'] += 1;
}
