import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listen } from 'gated-realtime/simulator';
import { beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every line that it prints, run as its reader would run it, and its exit code. */
async function run(given: NodeJS.ProcessEnv = {}) {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _base, ...rest } = process.env;
  const env = { ...rest, ...given };
  const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'examples/quickstart.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, complaints, code] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  return { code, complaints: complaints.join(''), lines: output.join('').trimEnd().split('\n') };
}

/** Its rows as whole lines again. */
const unwrapped = (lines: readonly string[]): readonly string[] =>
  lines
    .join('\n')
    .replaceAll(/\n {9}│ {8}│ {3}/g, ' ')
    .split('\n');

const story = [
  "respond('greeting') → ADMIT",
  'the caller begins to speak',
  "respond('stock') → HOLD (user-speaking)",
  'the response for greeting: cancelled by the user',
  'the server answers by itself: created',
  "respond('stock') → MERGE",
  "respond('offer') → REFUSE (response-active)",
  "respond('farewell') → ADMIT",
  'the server answers by itself: completed: “Yes, we have tulips',
  'the response for farewell: completed: “Thank you for calling. Goodbye!”',
  'the call has ended; the goodbye was heard',
  "respond('offer') → REFUSE (closed)",
];
const toldBy = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => story.filter((part) => line.includes(part)));

describe('the quickstart', () => {
  let printed: Awaited<ReturnType<typeof run>>;
  let lines: readonly string[] = [];
  beforeAll(async () => {
    printed = await run({ FORCE_COLOR: undefined, NO_COLOR: undefined });
    lines = unwrapped(printed.lines);
  }, 60_000);

  test('ends well, and complains of nothing', () => {
    expect([printed.code, printed.complaints]).toEqual([0, '']);
  });

  test('fits into 80 columns, without colours where nobody can see them', () => {
    expect(printed.lines.filter((line) => line.length > 80)).toEqual([]);
    expect(printed.lines.join('')).not.toContain('\u001b');
  });

  test('tells its story in order', () => {
    expect(toldBy(lines)).toEqual(story);
  });

  test('is shown in README as it is told', () => {
    const [, shown] = /^What the first prints:\n\n```\n(.*?)^```$/ms.exec(readFileSync(`${root}/README.md`, 'utf8'))!;
    expect(shown!.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(toldBy(unwrapped(shown!.split('\n')))).toEqual(story);
  });

  test('nobody but the caller has the floor while the caller speaks', () => {
    const begins = lines.findIndex((line) => line.includes('the caller begins to speak'));
    const ends = lines.findIndex((line) => line.includes('the caller has spoken'));
    const floors = lines.slice(begins, ends).map((line) => line.split('│')[1]?.trim());
    expect(new Set(floors)).toEqual(new Set(['caller']));
  });

  test('says which request waited, for how long and for whom', () => {
    expect(lines.find((line) => line.includes("respond('stock') → M"))).toMatch(
      /MERGE \(waited \d+ ms for user-speaking\)$/,
    );
  });

  test('no fault', () => {
    expect(lines.filter((line) => line.includes('fault'))).toEqual([]);
  });

  test('sums up what it would have cost', () => {
    const [, responses, dollars] = /^(\d+) responses of \S+; .* \$(\d+\.\d+)\.$/.exec(lines.at(-1) ?? '') ?? [];
    expect(Number(responses)).toBe(3);
    expect(Number(dollars)).toBeGreaterThan(0);
  });
});

test('the quickstart with a wrong key says so in one sentence, and does not show the key', async () => {
  const server = await listen({ apiKeys: ['sk-right-0123456789'] });
  const OPENAI_BASE_URL = server.url.replace(/^ws:(.*)\/realtime$/, 'http:$1');
  const { code, complaints, lines } = await run({ OPENAI_API_KEY: 'sk-wrong-0123456789', OPENAI_BASE_URL });
  await server.close();

  expect([code, lines]).toEqual([1, ['']]);
  expect(complaints).toMatch(/^The server refused the connection \(.*\): .*Check the API key.*\n$/);
  expect(complaints).not.toContain('sk-wrong');
}, 60_000);
