/**
 * The laws for as long as one likes: `tsx test/laws/long.ts [minutes] [seed]`, ten minutes by default. Says the seeds; exits
 * with 1 and the shrunken script if a law is broken.
 */
import { gateHolds, say, sessionHolds } from './laws.js';

const minutes = Number(process.argv[2] ?? 10);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000_000);
const until = { seed, steps: Infinity, ms: (minutes * 60_000) / 2 };
const laws = { 'The gate': gateHolds, 'The session': sessionHolds };

process.stdout.write(`${minutes} minutes from seed ${seed}\n`);
process.on('unhandledRejection', (reason) => {
  process.stdout.write(`L6: a rejection that nobody handled: ${String(reason)}\n`);
  process.exitCode = 1;
});
for (const [what, law] of Object.entries(laws)) {
  const tally = await law(until);
  process.stdout.write(say(what, tally));
  if (tally.broken === null) continue;
  process.stdout.write(`${tally.broken}\n`);
  process.exitCode = 1;
}
