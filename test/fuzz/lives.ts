import { Life } from './life.js';
import { Random } from './random.js';

export interface Sum {
  frames: number;
  confirmations: number;
  creates: number;
}

const FRAMES_IN_A_LIFE = 250;

/** Runs lives until this many frames have been sent. Rejects with the seed of the life that failed. */
export async function liveThrough(
  frames: number,
  seed: number,
  told: (sum: Sum) => void = () => undefined,
): Promise<Sum> {
  const seeds = new Random(seed);
  const sum: Sum = { frames: 0, confirmations: 0, creates: 0 };
  while (sum.frames < frames) {
    const lifeSeed = seeds.below(2 ** 32);
    await liveOnce(lifeSeed, sum);
    told(sum);
  }
  return sum;
}

/** Runs one life, and adds its counts to the sum. */
export async function liveOnce(seed: number, sum: Sum): Promise<void> {
  const life = new Life(seed);
  try {
    await life.run(FRAMES_IN_A_LIFE);
  } catch (error) {
    throw new Error(`The life of seed ${seed} failed; again: tsx test/fuzz/long.ts 1 ${seed}`, { cause: error });
  }
  sum.frames += life.frames;
  sum.confirmations += life.confirmations;
  sum.creates += life.creates;
}
