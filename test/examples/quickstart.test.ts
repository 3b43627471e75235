import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every line that it prints, run as its reader would run it. */
async function told(): Promise<readonly string[]> {
  const { OPENAI_API_KEY: _, ...env } = process.env;
  const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'examples/quickstart.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, code] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  expect(code).toBe(0);
  return output.join('').trimEnd().split('\n');
}

describe('the quickstart', () => {
  let lines: readonly string[] = [];
  beforeAll(async () => {
    lines = await told();
  }, 60_000);

  test('tells its story in order', () => {
    const story = [
      "respond('greeting') → ADMIT",
      'the caller begins to speak',
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
    expect(lines.flatMap((line) => story.filter((part) => line.includes(part)))).toEqual(story);
  });

  test('nobody but the caller has the floor while the caller speaks', () => {
    const begins = lines.findIndex((line) => line.includes('the caller begins to speak'));
    const ends = lines.findIndex((line) => line.includes('the caller has spoken'));
    const floors = lines.slice(begins, ends).map((line) => line.split('│')[1]?.trim());
    expect(new Set(floors)).toEqual(new Set(['caller']));
  });

  test('says which request waited, for how long and for whom', () => {
    expect(lines.find((line) => line.includes("'stock'"))).toMatch(/MERGE \(waited \d+ ms for user-speaking\)$/);
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
