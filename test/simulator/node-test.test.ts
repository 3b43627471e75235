import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

describe('simulate() under node:test', () => {
  let printed = '';
  beforeAll(async () => {
    const program = fileURLToPath(new URL('programs/under-node-test.ts', import.meta.url));
    const args = ['--import', 'tsx', '--test-reporter=tap', program];
    printed = await new Promise((resolve) => execFile(process.execPath, args, (_, stdout) => resolve(stdout)));
  }, 60_000);

  it.each([
    'a greeting waits for a caller who is speaking',
    'a tool answers under mocked timers',
    'a mocked timer of a tool moves where the test moves it',
  ])('runs: %s', (title) => {
    expect(printed).toMatch(new RegExp(`^ok \\d+ - ${title}$`, 'm'));
  });

  it('says in a test that fails what the verdict was', () => {
    expect(printed).toMatch(/^not ok \d+ - fails: it was admitted$/m);
    expect(printed).toContain('Expected the request to be held by user-speaking; it was admitted.');
  });
});
