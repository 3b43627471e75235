/**
 * Tests the laws for any length of time: `tsx test/laws/long.ts [minutes] [seed]`, ten minutes by default, the machine
 * and the session in parallel. Prints the seeds; exits with 1 and the shrunk script if a law is broken.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const minutes = process.argv[2] ?? '10';
const seed = process.argv[3] ?? String(Date.now() % 1_000_000_000);
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

process.stdout.write(`${minutes} minutes from seed ${seed}\n`);
// The recorder replaces the machine, which requires the test runner.
spawn(
  process.execPath,
  [vitest, 'run', 'test/laws/laws.test.ts', 'test/laws/session.test.ts', '--disable-console-intercept'],
  {
    env: { ...process.env, LAWS_MINUTES: minutes, LAWS_SEED: seed },
    stdio: 'inherit',
  },
).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
