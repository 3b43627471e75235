import { expect, test, vi } from 'vitest';
import { scripts } from '../../examples/phone-agent/simulated/scripts.js';
import { startWorld } from '../../examples/phone-agent/simulated/world.js';
import { recorder } from '../support/recording.js';
import { replayAll, type Machine } from '../support/replay.js';

vi.mock('../../src/machine/index.js', async (original) => {
  const { recorded } = await import('../support/recording.js');
  return recorded(await original<Machine>());
});

// The same twelve calls over real sockets, on a real clock, with real tools: what each session's machine was given decides
// all that it did.

test('every call of the phone agent can be replayed, step by step and to the letter', async () => {
  const world = await startWorld();
  try {
    await Promise.all(scripts.map((script) => script.play(world)));
  } finally {
    await world.close();
  }
  const { machine, recordings } = recorder();
  const steps = recordings.reduce((sum, { steps: each }) => sum + each.length, 0);
  process.stdout.write(`The phone agent: ${steps} steps of ${recordings.length} sessions, replayed\n`);
  expect(recordings.length).toBeGreaterThanOrEqual(scripts.length);
  expect(replayAll(machine, recordings)).toEqual([]);
});
