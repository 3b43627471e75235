import { expect, test } from 'vitest';
import { systemClock } from '../src/clock.js';

test.each([Infinity, 1e12, 2 ** 31])('does not run at once what is due in %d ms', async (ms) => {
  let ran = false;
  const callOff = systemClock.after(ms, () => {
    ran = true;
  });
  // A timer that overflows runs after one millisecond.
  await new Promise<void>((resolve) => void systemClock.after(10, resolve));
  callOff();
  expect(ran).toBe(false);
});
