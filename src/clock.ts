/** Time as the session sees it: monotonic milliseconds, and one way to be called later. */
export interface Clock {
  now(): number;
  /** Calls `run` no earlier than the next macrotask, `ms` from now. Returns what calls it off. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
