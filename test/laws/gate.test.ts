import fc from 'fast-check';
import { describe, it } from 'vitest';
import { play } from './play.js';
import { plays, printPlay } from './script.js';

describe('the laws of the gate', () => {
  it('hold whatever is said, asked, lost and mistaken, in whatever order', () => {
    let steps = 0;
    const seed = 1;
    fc.assert(
      fc.property(plays(60), (script) => {
        const outcome = play(script);
        steps += outcome.steps;
        if (outcome.wrong.length > 0) throw new Error(`${outcome.wrong.join('\n')}\n${printPlay(script)}`);
      }),
      { seed, numRuns: 300 },
    );
    console.log(steps);
  });
});
