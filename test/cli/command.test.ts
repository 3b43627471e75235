import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import manifest from '../../package.json' with { type: 'json' };

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

it.each(['--version', '-v'])('prints its version, and nothing else: %s', async (option) => {
  expect(await runs(option)).toEqual({ code: 0, printed: manifest.version, complained: '' });
});

describe('what is mistyped is answered with what is near', () => {
  it.each([
    ['simulat', 'There is no command "simulat". Did you mean simulate?'],
    ['adit', 'There is no command "adit". Did you mean audit?'],
    ['rpelay', 'There is no command "rpelay". Did you mean replay?'],
    ['--verison', 'There is no option "--verison". Did you mean --version?'],
    ['converse', 'There is no command "converse".'],
    ['', 'There is no command "".'],
    ['simulate --prot 0', 'There is no option "--prot". Did you mean --port?'],
    ['simulate --apikey=sk-test', 'There is no option "--apikey". Did you mean --api-key?'],
    ['simulate --scr call.json', 'There is no option "--scr". Did you mean --script?'],
    ['simulate --frames 3', 'There is no option "--frames".'],
    ['simulate -p 0', 'There is no option "-p".'],
    ['audit --baselin gate.json', 'There is no option "--baselin". Did you mean --baseline?'],
    ['migrate --wirte', 'There is no option "--wirte". Did you mean --write?'],
    ['replay --asert call.jsonl', 'There is no option "--asert". Did you mean --assert?'],
  ])('%s', async (line, sentence) => {
    const { code, printed, complained } = await runs(...line.split(' '));
    expect([code, printed, complained.split('\n')[0]]).toEqual([2, '', sentence]);
  });
});

describe('the examples of the help', () => {
  it.each([[], ['audit'], ['migrate'], ['replay'], ['simulate']])(
    'are commands that there are: %j',
    async (...command) => {
      const { printed } = await runs(...command, '--help');
      const examples = [...printed.matchAll(/^ {2}npx gated-realtime (.*)$/gm)].map(([, line]) => line!);
      expect(examples.length).toBeGreaterThan(1);
      for (const example of examples) expect(await runs(...example.split(' '), '--help')).toMatchObject({ code: 0 });
      for (const line of printed.split('\n')) expect(line.length, line).toBeLessThanOrEqual(130);
    },
  );
});

it('ends with 2, and with one sentence, where a command cannot do what it is asked', async () => {
  const { code, printed, complained } = await runs('simulate', '--script', '/nowhere\u001b.json');
  expect([code, printed]).toEqual([2, '']);
  expect(complained).toMatch(/^gated-realtime simulate failed: The script \/nowhere\\u001b\.json cannot be read: .*$/);
});
