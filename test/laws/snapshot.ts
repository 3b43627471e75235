import type { Gate } from '../../src/machine/index.js';

/** All of a gate but its rules, and how often and when it was last asked, as text. */
export function snapshot({ rules: _, now: _now, steps: _steps, ...gate }: Gate): string {
  return JSON.stringify(gate, (_key, value: unknown) => {
    if (value instanceof Map || value instanceof Set) return [...value];
    return value === Infinity ? 'never' : value;
  });
}
