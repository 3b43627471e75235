import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen, type SimulatedSocket } from 'gated-realtime/simulator';
import { openSession } from 'gated-realtime/ws';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { timelineOf } from '../../examples/phone-agent/simulated/timeline.js';
import { CallLog } from '../../examples/phone-agent/simulated/log.js';
import { timeline } from '../../examples/quickstart/timeline.js';
import { complain, fail, print, printable } from '../../examples/shared/terminal.js';

const hostile = 'Good \u001b]0;owned\u0007morning\u001b[2J\u009b31m\u007f\u202e\r\nfault';
const harmless = 'Good \\u001b]0;owned\\u0007morning\\u001b[2J\\u009b31m\\u007f\\u202e\\u000d\\u000afault';
/** What no line may hold. */
const raw = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

let printed: string[];
let model: SimulatedSocket | null = null;

beforeEach(() => {
  printed = [];
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => void printed.push(line));
  }
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await model?.close();
  model = null;
});

const opened = async () => {
  model = await listen({ pace: 20 });
  const options = { model: 'gpt-realtime-2.1', url: model.url, apiKey: 'sk-test', purposes: ['greeting'] } as const;
  return { model, session: await openSession(options) };
};

test.each([
  ['C0', '\u001b[2J', '\\u001b[2J'],
  ['DEL', 'a\u007f', 'a\\u007f'],
  ['C1', '\u009b2J', '\\u009b2J'],
  ['line ends', 'a\r\nb\u2028c\u2029d\u0085e', 'a\\u000d\\u000ab\\u2028c\\u2029d\\u0085e'],
  ['bidi embeddings and overrides', '\u202a\u202b\u202c\u202d\u202e', '\\u202a\\u202b\\u202c\\u202d\\u202e'],
  ['bidi isolates', '\u2066\u2067\u2068\u2069', '\\u2066\\u2067\\u2068\\u2069'],
  ['bidi marks', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
])('shows %s as their codes', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('leaves alone what people write: accents, quotes, other scripts, emoji', () => {
  const text = 'Très “bien” – 你好, שלום 👩‍🚀';

  expect(printable(text)).toBe(text);
});

test.each([
  ['a terminal that shows colours', { isTTY: true, hasColors: () => true }, '\u001b[32mred\\u001b[31m\u001b[39m'],
  ['one that does not, or where NO_COLOR is set', { isTTY: true, hasColors: () => false }, 'red\\u001b[31m'],
  ['a pipe', { isTTY: undefined, hasColors: undefined }, 'red\\u001b[31m'],
])('tints what it prints in the colour that it is told, and no other: %s', (_, stream, shown) => {
  const before = Object.getOwnPropertyDescriptors(process.stdout);
  Object.assign(process.stdout, stream);
  print('red\u001b[31m', 'green');
  for (const name of ['isTTY', 'hasColors'] as const) {
    Reflect.deleteProperty(process.stdout, name);
    if (before[name]) Object.defineProperty(process.stdout, name, before[name]);
  }

  expect(printed).toEqual([shown]);
});

test('prints, complains and fails in plain lines', () => {
  print(hostile);
  complain(hostile);
  fail(Object.assign(new Error(hostile), { stack: `Error: ${hostile}\n    at \u001b[31mhere` }));

  expect(printed.slice(0, 2)).toEqual([harmless, harmless]);
  expect(printed.filter((line) => raw.test(line))).toEqual([]);
  expect(process.exitCode).toBe(1);
});

test('the quickstart shows what the model says, and obeys none of it', async () => {
  const { model, session } = await opened();
  model.says(hostile);
  timeline().follow(session);
  await session.respond('greeting').done;
  await session.hangup();

  // Long lines are broken into rows.
  const text = printed.join('').replaceAll(/[ │]/g, '');
  expect(text).toContain(harmless.replace(' ', ''));
  expect(printed.filter((line) => raw.test(line))).toEqual([]);
});

test('the timeline of a simulated call is one plain line for each thing that happened', async () => {
  const log = new CallLog(1);
  log.line(`caller: “${hostile}”`);
  const row = { name: hostile, phone: hostile, wish: hostile, at: hostile, ending: hostile };
  const database = { query: <Row>() => Promise.resolve([row as Row]) };
  for (const line of await timelineOf({ callSid: 'CA1', log } as never, database as never)) print(line);

  expect(printed).toHaveLength(4);
  expect(printed.filter((line) => raw.test(line))).toEqual([]);
});

test('no example prints past the shared helper', () => {
  const examples = fileURLToPath(new URL('../../examples', import.meta.url));
  const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const past = files.filter((name) =>
    /\bconsole\.|process\.std(out|err)/.test(readFileSync(join(examples, name), 'utf8')),
  );

  expect(past.sort()).toEqual(['shared/server.ts', 'shared/terminal.ts']);
});
