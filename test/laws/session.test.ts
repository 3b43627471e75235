import { expect, it, vi } from 'vitest';
import type { Machine } from '../support/recorder.js';
import { lastingSessionHolds, rotatingSessionHolds, say, sessionHolds } from './laws.js';
import { playCall } from './play-call.js';

vi.mock('../../src/machine/index.js', async (original) => {
  const { recorded } = await import('../support/recording.js');
  return recorded(await original<Machine>());
});

const seed = Number(process.env['LAWS_SEED'] ?? 2026);
const minutes = Number(process.env['LAWS_MINUTES'] ?? 0);
const until = { seed, steps: minutes > 0 ? Infinity : 100_000, ms: minutes > 0 ? minutes * 60_000 : Infinity };

it(
  'the laws hold for the session, whose user also acts from inside listeners; and all of it replays',
  async () => {
    const tally = await sessionHolds(until, playCall);
    process.stdout.write(say('The session', tally));
    expect(tally.broken).toBeNull();
    expect(tally.steps).toBeGreaterThanOrEqual(minutes > 0 ? 1 : until.steps);
  },
  180_000 + minutes * 90_000,
);

it(
  'the laws hold for the session across epochs, whose lines are lost, expire and are lost again',
  async () => {
    const tally = await lastingSessionHolds(until, playCall);
    process.stdout.write(say('The session across epochs', tally));
    expect(tally.broken).toBeNull();
    expect(tally.steps).toBeGreaterThanOrEqual(minutes > 0 ? 1 : until.steps);
  },
  180_000 + minutes * 90_000,
);

it(
  'the laws hold for the session across rotations, whose lines are replaced before they end',
  async () => {
    const tally = await rotatingSessionHolds(until, playCall);
    process.stdout.write(say('The session across rotations', tally));
    expect(tally.broken).toBeNull();
    expect(tally.steps).toBeGreaterThanOrEqual(minutes > 0 ? 1 : until.steps);
  },
  180_000 + minutes * 90_000,
);
