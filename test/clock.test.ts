import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
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

test('keeps no program alive for what is in the background', async () => {
  const program = `import { systemClock } from '${fileURLToPath(new URL('../src/clock.ts', import.meta.url))}';
    systemClock.after(600_000, () => {}, 'background');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
  expect(await once(child, 'exit')).toEqual([0, null]);
});
