import type { Session } from '../../src/machine/index.js';

/** All of a session's state but its rules, and how often and when it was last asked, as text. */
export function snapshot(session: Session): string {
  const { rules: _, now: _now, steps: _steps, requests, ...rest } = session;
  return JSON.stringify(
    { ...rest, requests: { ...requests, lastAskedAt: 0, reviewed: null } },
    (_key, value: unknown) => {
      if (value instanceof Map || value instanceof Set) return [...value];
      return value === Infinity ? 'never' : value;
    },
  );
}
