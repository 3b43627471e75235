/**
 * Every interleaving of everything, as deep as the minutes allow: `tsx test/explore/long.ts [minutes]`, ten by default. Keeps
 * all that it has found in memory: `NODE_OPTIONS=--max-old-space-size=8000` for hours. Exits with 1 and the shortest way to
 * what is wrong.
 */
import { closed, open } from './alphabets.js';
import { explore, say } from './explore.js';

const minutes = Number(process.argv[2] ?? 10);
const deadline = performance.now() + minutes * 60_000;

for (const [name, alphabet] of [...Object.entries(closed), ...Object.entries(open)]) {
  const explored = explore(alphabet, { states: Infinity, ms: deadline - performance.now() });
  process.stdout.write(say(name, explored));
  if (!explored.wrong) continue;
  process.stdout.write([...explored.wrong.way, ...explored.wrong.says, ''].join('\n'));
  process.exitCode = 1;
}
