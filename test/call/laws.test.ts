import fc from 'fast-check';
import { describe, it } from 'vitest';
import { play } from './play.js';
import { scripts } from './script.js';

const seed = Number(process.env['LAWS_SEED'] ?? 2026);
const numRuns = Number(process.env['LAWS_CALLS'] ?? 120);

describe('L2 to L7, with tools, hang-up, playback and failures', () => {
  it('hold for a whole call, whatever happens in it, in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const wrong = await play(script);
        if (wrong.length > 0) throw new Error(wrong.join('\n'));
      }),
      { seed, numRuns },
    );
  }, 120_000);
});
