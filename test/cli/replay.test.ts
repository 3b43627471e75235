import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.js';
import { recorded } from '../record/ground.js';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
let good: string;
beforeAll(async () => {
  const { session, server, disk, flush } = await recorded();
  void session.respond('greeting');
  server.creates('resp_1');
  void session.respond('nudge', { whenBlocked: 'refuse' });
  server.completes('resp_1');
  await session.close();
  await flush();
  good = disk.text('/calls/call.jsonl');
  write('good.jsonl', good);
  // Pretends that a guard was different then.
  write('other.jsonl', good.replaceAll('response-active', 'another-guard'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function replays(...args: readonly string[]) {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = await run(['replay', ...args], {
    print: (line) => printed.push(line),
    complain: (line) => complained.push(line),
    signal: new AbortController().signal,
    cwd: folder,
  });
  return { code, printed: printed.join('\n'), complained: complained.join('\n') };
}

describe('a record', () => {
  it('is told: each request and its verdict, and that nothing differs', async () => {
    const { code, printed, complained } = await replays('good.jsonl');
    expect([code, complained]).toEqual([0, '']);
    expect(printed).toMatch(/good\.jsonl: .*gpt-realtime-2\.1, \d+ steps, ended: closed/);
    expect(printed).toMatch(
      /0\.000 s {2}admit {2}'greeting'\n +0\.000 s {2}refuse 'nudge' by response-active\nNo difference\./,
    );
  });

  it('that differs is told with the first difference, then all', async () => {
    const { code, printed } = await replays('other.jsonl');
    expect(code).toBe(0);
    expect(printed).toMatch(/The first difference:\nstep \d+, at 0\.000 s: 'nudge' is asked for, request 2\n/);
    expect(printed).toMatch(
      / {2}then {3}refuses request 2: another-guard\.[^]* {2}today {2}refuses request 2: response-active\./,
    );
  });

  it('is JSON where that is asked for', async () => {
    const { printed } = await replays('--format', 'json', 'other.jsonl');
    expect(JSON.parse(printed)).toMatchObject({
      ending: { kind: 'closed' },
      verdicts: [{ purpose: 'greeting', verdict: 'admit' }, { by: 'response-active' }],
      differences: [{ input: { type: 'respond' }, threw: null }],
    });
  });

  it('whose last line is torn is replayed without it, and complained of', async () => {
    write('torn.jsonl', good.slice(0, -12));
    const { code, printed, complained } = await replays('torn.jsonl');
    expect(code).toBe(0);
    expect(printed).toContain('No difference.');
    expect(complained).toMatch(/torn\.jsonl: Line \d+, the last, is torn: it is skipped\./);
  });
});

describe('--assert', () => {
  it('says nothing where nothing differs, and ends with 0', async () => {
    expect(await replays('--assert', 'good.jsonl')).toEqual({ code: 0, printed: '', complained: '' });
  });

  it('ends with 1 where anything does, and names the file', async () => {
    const { code, printed } = await replays('--assert', 'good.jsonl', 'other.jsonl');
    expect(code).toBe(1);
    expect(printed).toMatch(/^.*other\.jsonl:\n {2}The first difference:/);
  });
});

describe('what cannot be replayed ends with 2:', () => {
  it.each([
    ['no such file', ['nowhere.jsonl'], 'There is no nowhere.jsonl.'],
    ['nothing at all', [], 'Which records?'],
    ['a format that is not known', ['--format', 'xml', 'good.jsonl'], '--format must be pretty or json, not "xml".'],
  ])('%s', async (_, args, words) => {
    const { code, complained } = await replays(...args);
    expect(code).toBe(2);
    expect(complained).toContain(words);
  });

  it('a version that is not known, though the other files are replayed', async () => {
    write('new.jsonl', good.replace('"gatedRealtime":1', '"gatedRealtime":7'));
    const { code, printed, complained } = await replays('new.jsonl', 'good.jsonl');
    expect(code).toBe(2);
    expect(complained).toContain('It is of version 7 of the format; this reads version 1.');
    expect(printed).toContain('No difference.');
  });

  it('a folder without records', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await replays('empty')).toMatchObject({
      code: 2,
      complained: expect.stringContaining('no file ends with .jsonl') as string,
    });
  });
});

describe('a folder', () => {
  it('is all its records, of rotated ones the first part', async () => {
    mkdirSync(join(folder, 'calls'));
    const [header, ...rest] = good.split('\n');
    const middle = Math.floor(rest.length / 2);
    write('calls/one.jsonl', `${[header, ...rest.slice(0, middle)].join('\n')}\n`);
    write('calls/one.2.jsonl', [header!.replace('"part":1', '"part":2'), ...rest.slice(middle)].join('\n'));
    write('calls/two.jsonl', good);
    const { code, printed, complained } = await replays('calls');
    expect([code, complained]).toEqual([0, '']);
    expect(printed.match(/No difference\./g)).toHaveLength(2);
  });
});

describe('plain Realtime events', () => {
  it('are told as what the gate would have stopped; what no log can say is complained of once', async () => {
    const events = [{ type: 'session.created', session: {} }, { type: 'response.create' }];
    write('plain.jsonl', events.map((event) => JSON.stringify(event)).join('\n'));
    const { printed, complained } = await replays('plain.jsonl', 'plain.jsonl');
    expect(printed).toContain("refuse 'response.create' by unconfirmed");
    expect(printed).toContain('The gate would have stopped 1 of 1 creates.');
    expect(complained.match(/plain Realtime events, not a record/g)).toHaveLength(1);
  });
});
