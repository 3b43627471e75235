import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SimulatedCaller } from '../../examples/phone-agent/simulated/caller.js';

// The agent as it is deployed and the simulated server as anybody starts it: two processes, and a caller between them.

const root = fileURLToPath(new URL('../..', import.meta.url));
const settings = {
  OPENAI_API_KEY: 'sk-a-key-that-is-secret',
  TWILIO_AUTH_TOKEN: 'a-token-of-twilio',
  OPERATOR_TOKEN: 'an-operator-token',
  PUBLIC_URL: 'https://agent.example.com',
  PORT: '0',
};
const script = {
  steps: [
    { says: 'Oak Street Dental, good morning.' },
    { on: 'response.done', nth: 1, afterMs: 4_000, caller: 'Ada Byron, about a crown. Five five five.', ms: 1_000 },
    { calls: 'save_lead_info', args: { name: 'Ada Byron', phone: '5550142', wish: 'a crown' } },
    { says: 'Noted, thank you.' },
    { on: 'response.done', nth: 3, afterMs: 4_000, caller: 'That is all.', ms: 1_000 },
    { calls: 'end_call' },
    { says: 'Goodbye, and a splendid afternoon!' },
  ],
};

let folder: string;
const started: ChildProcess[] = [];
let log: readonly Record<string, unknown>[];
let printed = '';
let ready: number;
let exitCode: number | null;
let lastWords: string | null;

/** Starts a program of this repository; resolves with the first line that says where it listens. */
async function start(args: readonly string[], env: Record<string, string>, keep?: (line: string) => void) {
  const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const lines = createInterface({ input: child.stdout });
  const listening = new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      keep?.(line);
      const address = /istening (?:at|on) (?:\w+:\/\/[^"?]+)/.exec(line)?.[0];
      if (address !== undefined) resolve(address.slice(address.lastIndexOf(' ') + 1));
    });
    child.once('exit', () => reject(new Error(`${args[0] ?? ''} has ended.`)));
  });
  return { child, address: await listening };
}

/** The one command of the README. */
async function replayed(): Promise<{ readonly code: unknown; readonly told: string }> {
  const args = ['node_modules/tsx/dist/cli.mjs', 'src/cli/main.ts', 'replay', '--assert', folder];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = Promise.all([child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, told: (await told).flat().join('') };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phone-agent-'));
  const scriptFile = join(folder, 'script.json');
  await writeFile(scriptFile, JSON.stringify(script));
  const simulator = await start(
    ['src/cli/main.ts', 'simulate', '--port', '0', '--pace', '10', '--script', scriptFile],
    {},
  );
  const agent = await start(
    ['examples/phone-agent/main.ts'],
    { ...settings, REALTIME_URL: simulator.address, RECORDINGS: folder, DATABASE_URL: '', DATABASE_DIRECTORY: '' },
    (line) => (printed += `${line}\n`),
  );
  const { host } = new URL(agent.address);
  ready = (await fetch(`http://${host}/ready`)).status;
  const caller = await SimulatedCaller.dial({
    agent: { address: host, publicUrl: new URL(settings.PUBLIC_URL), authToken: settings.TWILIO_AUTH_TOKEN },
    ...{ callSid: 'CA1', from: '+15550142', pace: 10, onEvent: () => undefined },
  });
  lastWords = await caller.ended;
  agent.child.kill('SIGTERM');
  [exitCode] = (await once(agent.child, 'close')) as [number | null];
  await rm(scriptFile);
  log = printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
});
afterAll(async () => {
  for (const child of started) child.kill();
  await rm(folder, { recursive: true });
});

test('with REALTIME_URL the agent that is deployed speaks to the simulated server, to a goodbye that is heard', () => {
  expect([ready, lastWords, exitCode]).toEqual([200, null, 0]);
  expect(log).toContainEqual(expect.objectContaining({ ending: 'the agent hung up, farewell heard' }));
});

test('its log has one line for each decision, and what the call has cost', () => {
  const purposes = log.flatMap(({ decision }) => (decision ? [(decision as { purpose: string }).purpose] : []));
  expect(purposes).toEqual(['greeting', 'tool:save_lead_info', 'farewell']);
  const over = log.find(({ msg }) => msg === 'the call is over');
  expect(over).toMatchObject({ callSid: 'CA1', usd: expect.any(Number) });
  expect(Number(over?.['usd'])).toBeGreaterThan(0);
});

test('its log has nothing that was said, no name, no number and no key', () => {
  expect(printed).not.toMatch(/morning|noted|splendid|\bAda\b|Byron|crown|5550142|five five/i);
  expect(printed).not.toMatch(/a-key-that|a-token-of|operator-token/);
});

test('with RECORDINGS each call is a file, without what was said, that one command replays without a difference', async () => {
  const names = readdirSync(folder);
  expect(names).toHaveLength(1);
  const record = await readFile(join(folder, names[0]!), 'utf8');
  expect(record).not.toMatch(/morning|Noted|splendid|\bAda\b|Byron|crown|5550142/);
  expect(await replayed()).toEqual({ code: 0, told: '' });
});
