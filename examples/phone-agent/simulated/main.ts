import { print } from '../../shared/terminal.js';
import { scripts } from './scripts.js';
import { timelineOf } from './timeline.js';
import { startWorld } from './world.js';

// Plays twelve calls at once, and prints each. Needs no key; uses `DATABASE_URL` and `RECORDINGS` if set.
const began = performance.now();
const world = await startWorld({ databaseUrl: process.env['DATABASE_URL'], recordings: process.env['RECORDINGS'] });
try {
  const played = await Promise.all(scripts.map(async (script) => ({ script, stages: await script.play(world) })));
  for (const [index, { script, stages }] of played.entries()) {
    for (const line of ['', `${index + 1}. ${script.title}`]) print(line);
    for (const stage of stages) {
      for (const line of ['', ...(await timelineOf(stage, world.database))]) print(line);
    }
  }
} finally {
  await world.close();
}
print(`Played in ${((performance.now() - began) / 1_000).toFixed(1)} s, ${world.pace} times faster than life.`);
