import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';

async function runs(...args: readonly string[]): Promise<{ code: number; printed: string; complained: string }> {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = await run(args, {
    print: (line) => printed.push(line),
    complain: (line) => complained.push(line),
    signal: new AbortController().signal,
  });
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}

describe.each(['audit', 'migrate', 'replay', 'simulate'])('%s', (name) => {
  it('says how it is used, and ends with 0', async () => {
    expect(await runs(name, '--help')).toEqual({
      code: 0,
      printed: expect.stringContaining(`Usage: gated-realtime ${name} `),
      complained: '',
    });
  });

  it('names an option that it does not know, its control characters as codes, and ends with 2', async () => {
    const { code, printed, complained } = await runs(name, '--\u001b[31mred');
    expect([code, printed]).toEqual([2, '']);
    expect(complained).toContain('--\\u001b[31mred');
    expect(complained).not.toContain('\u001b');
    expect(complained).toContain(`Usage: gated-realtime ${name} `);
  });
});

it('names a command that there is not, its control characters as codes, and ends with 2', async () => {
  const { code, complained } = await runs('no\u001b[31mred');
  expect(code).toBe(2);
  expect(complained).toContain('There is no command "no\\u001b[31mred".');
});

it('ends with 2, and with one sentence, where a command cannot do what it is asked', async () => {
  const { code, printed, complained } = await runs('simulate', '--script', '/nowhere\u001b.json');
  expect([code, printed]).toEqual([2, '']);
  expect(complained).toMatch(/^gated-realtime simulate failed: The script \/nowhere\\u001b\.json cannot be read: .*$/);
});
