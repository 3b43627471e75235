import type { Clock } from '../types/index.js';

export type { Clock };

/** The longest delay of a platform timer, 24.8 days: a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The platform's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run, kind) {
    const timer: { unref?(): unknown } = setTimeout(run, Math.min(ms, LONGEST_MS));
    // Background timers do not keep the process alive, on runtimes where timers do.
    if (kind === 'background') timer.unref?.();
    return () => clearTimeout(timer as NodeJS.Timeout);
  },
};
