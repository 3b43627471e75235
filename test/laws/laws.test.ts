import { describe, expect, it } from 'vitest';
import { gateHolds, say, sessionHolds } from './laws.js';

const seed = Number(process.env['LAWS_SEED'] ?? 2026);

describe('the laws, whatever is said, asked, lost and mistaken, in whatever order', () => {
  it('hold for the gate', async () => {
    const tally = await gateHolds({ seed, steps: 130_000 });
    process.stdout.write(say('The gate', tally));
    expect(tally.broken).toBeNull();
    expect(tally.steps).toBeGreaterThanOrEqual(130_000);
  }, 180_000);

  it('hold for the session, whose user also acts from inside listeners', async () => {
    const tally = await sessionHolds({ seed, steps: 100_000 });
    process.stdout.write(say('The session', tally));
    expect(tally.broken).toBeNull();
    expect(tally.steps).toBeGreaterThanOrEqual(100_000);
  }, 180_000);
});
