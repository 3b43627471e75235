import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Ears, Gone } from '../../types/index.js';
import { ConnectError } from '../../src/errors.js';
import { connect } from '../../src/session/connect.js';
import { virtualClock } from '../../src/simulator/clock.js';
import { aFrame } from './frames.js';
import { liveThrough } from './lives.js';
import { Random } from './random.js';

/** Set FUZZ_SEED to repeat a run: a failing run prints its seed. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 32);
const FRAMES = 100_000;

describe(`a hostile server (FUZZ_SEED=${seed})`, () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    process.on('unhandledRejection', note);
    // Before listeners can be added, every fault is a warning.
    vi.spyOn(process, 'emitWarning').mockReturnValue();
  });
  afterEach(() => {
    process.off('unhandledRejection', note);
    vi.restoreAllMocks();
  });

  test(`${FRAMES} mutated frames crash nothing, open nothing, pollute nothing, fill nothing, and leave no promise open`, async () => {
    const { frames, confirmations, creates } = await liveThrough(FRAMES, seed);
    expect(frames).toBeGreaterThanOrEqual(FRAMES);
    // A gate that never opened, or was never asked, would have proved nothing.
    expect(confirmations).toBeGreaterThan(50);
    expect(creates).toBeGreaterThan(100);
    expect(unhandled).toEqual([]);
  }, 240_000);

  test('before its greeting it can delay or refuse a connection, and do nothing else', async () => {
    const random = new Random(seed);
    const ends = { connected: 0, refused: 0 };
    for (let connection = 0; connection < 500; connection++) ends[await beGreeted(random)]++;
    expect(ends.connected).toBeGreaterThan(0);
    expect(ends.refused).toBeGreaterThan(0);
    expect(unhandled).toEqual([]);
  });
});

/** Up to twenty arbitrary frames, then the end of the connection. Rejects with any error but `ConnectError`. */
async function beGreeted(random: Random): Promise<'connected' | 'refused'> {
  const listening: Ears[] = [];
  const lost: Gone = { code: null, reason: '' };
  const transport = {
    open: (ears: Ears) => {
      listening.push(ears);
      return Promise.resolve({ send: () => undefined, close: () => ears.gone(lost) });
    },
  };
  const connecting = connect({ transport, clock: virtualClock() }).then(
    () => 'connected' as const,
    (error: unknown) => {
      if (error instanceof ConnectError) return 'refused' as const;
      throw error;
    },
  );
  const nothing = { tokens: [], eventIds: [], itemIds: [], age: 0 };
  for (let count = random.below(20); count > 0; count--) listening[0]?.frame(aFrame(random, nothing));
  listening[0]?.gone(lost);
  return connecting;
}
