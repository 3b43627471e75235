import { expect, it } from 'vitest';
import { lastingMachineHolds, machineHolds, rotatingMachineHolds, say } from './laws.js';
import { play } from './play.js';

const seed = Number(process.env['LAWS_SEED'] ?? 2026);
const minutes = Number(process.env['LAWS_MINUTES'] ?? 0);
const until = { seed, steps: minutes > 0 ? Infinity : 130_000, ms: minutes > 0 ? minutes * 60_000 : Infinity };

it(
  'the laws hold for the machine, whatever is said, asked, lost and mistaken, in whatever order; and all of it replays',
  async () => {
    const tally = await machineHolds(until, play);
    process.stdout.write(say('The machine', tally));
    expect(tally.broken).toBeNull();
    expect(tally.steps).toBeGreaterThanOrEqual(minutes > 0 ? 1 : until.steps);
  },
  180_000 + minutes * 90_000,
);

it(
  'the laws hold across epochs: lines are lost, expire, are refused, never answer, confirm something else, are lost again',
  async () => {
    const tally = await lastingMachineHolds(until, play);
    process.stdout.write(say('The machine across epochs', tally));
    expect(tally.broken).toBeNull();
    expect(tally.steps).toBeGreaterThanOrEqual(minutes > 0 ? 1 : until.steps);
  },
  180_000 + minutes * 90_000,
);

it(
  'the laws hold across rotations: lines are replaced before they end, with whatever goes on at that moment',
  async () => {
    const tally = await rotatingMachineHolds(until, play);
    process.stdout.write(say('The machine across rotations', tally));
    expect(tally.broken).toBeNull();
    expect(tally.steps).toBeGreaterThanOrEqual(minutes > 0 ? 1 : until.steps);
  },
  180_000 + minutes * 90_000,
);
