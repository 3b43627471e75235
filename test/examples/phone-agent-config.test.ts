import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { ConfigError, readConfig, settingNames } from '../../examples/phone-agent/config.js';
import { EarlyAudio } from '../../examples/phone-agent/early-audio.js';
import { readStreamMessage, twiml } from '../../examples/phone-agent/twilio-stream.js';

const complete = {
  OPENAI_API_KEY: 'sk-secret',
  TWILIO_AUTH_TOKEN: '0123456789abcdef',
  PUBLIC_URL: 'https://agent.example.com',
  OPERATOR_TOKEN: 'fedcba9876543210',
};

test('what may be left out has a default', () => {
  expect(readConfig(complete)).toMatchObject({
    openai: { model: 'gpt-realtime-2.1', apiKey: 'sk-secret' },
    listen: { host: '127.0.0.1', port: 8080 },
    database: { url: undefined },
    limits: { silenceMs: 8_000, nudges: 2, turns: 40, budgetUsd: 2 },
    dayBudgetUsd: 50,
  });
});

const example = parseEnv(
  readFileSync(new URL('../../examples/phone-agent/.env.example', import.meta.url), 'utf8'),
) as Record<string, string>;

test('.env.example lists every setting, and none that there is not', () => {
  expect(Object.keys(example).toSorted()).toEqual(settingNames.toSorted());
});

test('.env.example leaves empty only what has no default', () => {
  const empty = Object.keys(example).filter((name) => example[name] === '');
  const without = ['REALTIME_URL', 'DATABASE_URL', 'DATABASE_DIRECTORY', 'RECORDINGS'];
  expect(empty.toSorted()).toEqual([...Object.keys(complete), ...without].toSorted());
});

test('.env.example has the defaults, and what it leaves empty may be left out but for the four that must be given', () => {
  expect(readConfig({ ...example, ...complete })).toEqual(readConfig(complete));
  const named = Object.keys(complete).map((name) => `\n  ${name} is missing`);
  expect(() => readConfig(example)).toThrow(new ConfigError(`The phone agent is not configured:${named.join('')}`));
});

test('a configuration that is not complete names every variable that is wrong, and shows no value', () => {
  const wrong = {
    ...complete,
    OPENAI_API_KEY: '',
    TWILIO_AUTH_TOKEN: 'short',
    PUBLIC_URL: 'http://a.example',
    PORT: 'x',
  };
  const read = () => readConfig(wrong);

  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/OPENAI_API_KEY is missing/);
  expect(read).toThrow(/TWILIO_AUTH_TOKEN has fewer than 16 characters/);
  expect(read).toThrow(/PUBLIC_URL is not an https:\/\/ address/);
  expect(read).toThrow(/PORT is not a number/);
  expect(read).not.toThrow(/short/);
  expect(() => readConfig({ ...complete, PUBLIC_URL: undefined })).toThrow(/PUBLIC_URL is missing/);
});

test.each([
  ['CALL_BUDGET_USD', 'free', 'is not a number of US dollars'],
  ['CALL_BUDGET_USD', '-1', 'is below 0.1, which a greeting and a goodbye may cost'],
  ['CALL_BUDGET_USD', '0.09', 'is below 0.1, which a greeting and a goodbye may cost'],
  ['DAY_BUDGET_USD', '0', 'is below 0.1, which a greeting and a goodbye may cost'],
  ['DAY_BUDGET_USD', '1e9', 'is above 1000000'],
  ['OPENAI_MODEL', 'gpt-of-next-year', 'is a model without a known price'],
  ['REALTIME_URL', 'api.openai.com', 'is not a wss:// address'],
  ['REALTIME_URL', 'https://api.openai.com/v1/realtime', 'is not a wss:// address'],
  ['REALTIME_URL', 'ws://example.com/v1/realtime', 'must be wss:// and without a password'],
  ['REALTIME_URL', 'ws://127.0.0.1.example.com/v1/realtime', 'must be wss:// and without a password'],
  ['REALTIME_URL', 'wss://me:secret@example.com/v1/realtime', 'must be wss:// and without a password'],
])('%s cannot be %s: it %s', (name, value, why) => {
  expect(() => readConfig({ ...complete, [name]: value })).toThrow(`\n  ${name} ${why}`);
});

test.each([
  ['OPENAI_MODEL', 'gpt-realtime-2.1-mini-2026-10-01'],
  ['REALTIME_URL', 'ws://127.0.0.1:8765/v1/realtime?model=gpt-realtime-2.1'],
  ['REALTIME_URL', 'ws://[::1]:8765/v1/realtime'],
  ['REALTIME_URL', 'wss://realtime.example.com/v1/realtime'],
  ['DAY_BUDGET_USD', '0.1'],
])('%s can be %s', (name, value) => {
  expect(() => readConfig({ ...complete, [name]: value })).not.toThrow();
});

test('of what is said too early, the latest is kept, and given once', () => {
  const early = new EarlyAudio(2);
  for (const frame of ['a', 'b', 'c']) early.keep(frame);

  expect(early.take()).toEqual(['b', 'c']);
  expect(early.take()).toEqual([]);
});

test('a message that is not of the protocol is passed over', () => {
  expect(readStreamMessage('not json')).toBeNull();
  expect(readStreamMessage('{"event":"connected"}')).toBeNull();
  expect(readStreamMessage('{"event":"media","media":{"payload":7}}')).toBeNull();
  expect(readStreamMessage('{"event":"media","media":{"payload":"no base64"}}')).toBeNull();
  expect(readStreamMessage('{"event":"mark","mark":{"name":"somebody else’s"}}')).toBeNull();
});

test('nothing that is put into TwiML can end an attribute', () => {
  expect(twiml.connect('wss://a/"><Dial>1', '/x')).not.toContain('<Dial>');
});

test('a database that cannot be reached is one clear line without the password, and exit code 1', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'examples/phone-agent/main.ts'], {
    cwd: root,
    env: { ...process.env, ...complete, DATABASE_URL: 'postgres://agent:secret@127.0.0.1:9/office' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [told, code] = await Promise.all([
    child.stderr.setEncoding('utf8').toArray(),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  expect(code).toBe(1);
  expect(told.join('')).toMatch(/^The database of DATABASE_URL cannot be used: .*ECONNREFUSED.*\n$/);
  expect(told.join('')).not.toContain('secret');
}, 60_000);
