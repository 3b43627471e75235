import type { Clock } from '../types/index.js';

export type { Clock };

/** The longest that a timer of the platform waits, 24.8 days: one that is set for longer would run at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run, kind) {
    const timer: { unref?(): unknown } = setTimeout(run, Math.min(ms, LONGEST_MS));
    // Where timers keep a program alive, those in the background do not.
    if (kind === 'background') timer.unref?.();
    return () => clearTimeout(timer as NodeJS.Timeout);
  },
};
