import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import OpenAI from 'openai';
import { afterEach, expect, test, vi } from 'vitest';
import { createApp as createPhoneAgent } from '../../examples/phone-agent/app.js';
import type { Office } from '../../examples/phone-agent/office.js';
import { twilioSignature } from '../../examples/phone-agent/twilio-signature.js';
import { createServer } from '../../examples/shared/server.js';
import { createApp as createSipService } from '../../examples/sip-sideband/app.js';

// What anybody can send to the two servers of the examples: bodies without a signature, without an end, or too large.

const REQUEST_TIMEOUT_MS = 250;
const authToken = 'a-token-of-twilio';
const webhookSecret = `whsec_${Buffer.from('a secret of this test').toString('base64')}`;

let app: FastifyInstance | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
  vi.restoreAllMocks();
});

interface Door {
  readonly app: FastifyInstance;
  readonly path: string;
  readonly type: string;
  /** How many requests have had an effect. */
  readonly effects: () => number;
  /** The headers of a request that the sender has signed. */
  readonly signed: (body: string) => Record<string, string>;
  readonly refusal: number;
}

async function phoneAgent(): Promise<Door> {
  const endingOf = vi.fn(() => Promise.resolve(null));
  const path = '/call-ended';
  return {
    app: await createPhoneAgent({
      config: {
        twilio: { authToken },
        publicUrl: new URL('https://agent.example.com'),
        operatorToken: 'a-token',
        dayBudgetUsd: 50,
      },
      office: { endingOf } as unknown as Office,
      logLevel: 'silent',
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      serve: () => Promise.reject(new Error('Nobody calls.')) as never,
    }),
    path,
    type: 'application/x-www-form-urlencoded',
    effects: () => endingOf.mock.calls.length,
    signed(body) {
      const fields = Object.fromEntries(new URLSearchParams(body));
      return { 'x-twilio-signature': twilioSignature(authToken, `https://agent.example.com${path}`, fields) };
    },
    refusal: 403,
  };
}

async function sipService(): Promise<Door> {
  const accept = vi.fn(() => Promise.resolve(new Response('{}', { status: 404 })));
  const client = new OpenAI({ apiKey: 'sk-test', webhookSecret, maxRetries: 0, fetch: accept });
  return {
    app: createSipService({ client, model: 'm', logLevel: 'silent', requestTimeoutMs: REQUEST_TIMEOUT_MS }),
    path: '/openai-webhook',
    type: 'application/json',
    effects: () => accept.mock.calls.length,
    signed(body) {
      const [id, timestamp] = ['wh_1', String(Math.floor(Date.now() / 1_000))];
      const key = Buffer.from(webhookSecret.replace('whsec_', ''), 'base64');
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
      return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    },
    refusal: 400,
  };
}

const doors = [
  ['the phone agent', phoneAgent],
  ['the SIP service', sipService],
] as const;

/** Sends a request as it stands, `body` as far as it goes, and returns all that comes back until the server hangs up. */
async function answerTo(door: Door, headers: Record<string, string>, length: number, body = ''): Promise<string> {
  const { port } = new URL(await door.app.listen({ host: '127.0.0.1', port: 0 }));
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  const all = { host: 'agent', 'content-type': door.type, 'content-length': String(length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${door.path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  await once(socket, 'close');
  return answer;
}

test.each(doors)('%s refuses what is not signed before it has read the body', async (_, open) => {
  const door = await open();
  app = door.app;

  expect(await answerTo(door, {}, 1_000)).toMatch(new RegExp(`^HTTP/1.1 ${door.refusal} .*connection: close`, 's'));
  expect(door.effects()).toBe(0);
});

test.each(doors)('%s refuses a body that is too large before it has read it', async (_, open) => {
  const door = await open();
  app = door.app;

  expect(await answerTo(door, door.signed('x'), 64 * 1024 + 1)).toMatch(/^HTTP\/1\.1 413 /);
  expect(door.effects()).toBe(0);
});

test.each(doors)('%s waits for a body that does not end no longer than its timeout', async (_, open) => {
  const door = await open();
  app = door.app;

  expect(await answerTo(door, door.signed('x'), 1_000, 'x')).toMatch(/^HTTP\/1\.1 408 /);
  expect(door.effects()).toBe(0);
});

test.each(doors)('%s reads no body of a kind that its sender does not use', async (_, open) => {
  const door = await open();
  app = door.app;
  const headers = { ...door.signed(''), 'content-type': 'text/plain' };

  expect(await answerTo(door, headers, 1_000)).toMatch(/^HTTP\/1\.1 415 /);
  expect(door.effects()).toBe(0);
});

test.each(doors)('%s does nothing for a body that was changed on its way', async (_, open) => {
  const door = await open();
  app = door.app;
  const body = '{"type":"realtime.call.incoming","data":{"call_id":"rtc_1"}}';
  const headers = { 'content-type': door.type, ...door.signed(body) };
  const { statusCode } = await app.inject({ method: 'POST', url: door.path, headers, payload: `${body} ` });

  expect(statusCode).toBe(door.refusal);
  expect(door.effects()).toBe(0);
});

test.each(doors)('%s does what it is told by its sender', async (_, open) => {
  const door = await open();
  app = door.app;
  const body = '{"type":"realtime.call.incoming","data":{"call_id":"rtc_1"}}';
  const headers = { 'content-type': door.type, ...door.signed(body) };
  const { statusCode } = await app.inject({ method: 'POST', url: door.path, headers, payload: body });

  expect(statusCode).toBe(200);
  expect(door.effects()).toBe(1);
});

test.each(doors)(
  '%s answers a webhook without a body with a refusal, not with an error of its own',
  async (_, open) => {
    const door = await open();
    app = door.app;
    const headers = door.signed('something');
    const { statusCode } = await app.inject({ method: 'POST', url: door.path, headers });

    expect(statusCode).toBe(door.refusal);
  },
);

test.each(doors)('%s says that it is well, and how many calls it has', async (_, open) => {
  const door = await open();
  app = door.app;
  const health = await app.inject({ method: 'GET', url: '/health' });

  expect([health.statusCode, health.json()]).toEqual([200, { calls: 0 }]);
});

test('an error is logged in its words and those of its causes, and without the row that a database hangs on it', () => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  app = createServer({ logLevel: 'info' });
  const cause = new Error('connect ECONNREFUSED');
  const err = Object.assign(new Error('duplicate key', { cause }), { code: '23505', detail: 'Key (phone)=(5550100)' });
  app.log.error({ err }, 'fault');

  const [line = ''] = lines;
  expect(lines).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({
    msg: 'fault',
    err: { type: 'Error', message: 'duplicate key: connect ECONNREFUSED', code: '23505' },
  });
  expect(line).not.toContain('5550100');
});

test('what is logged is one line without controls, and is still what was said', () => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  app = createServer({ logLevel: 'info' });
  const ending = 'lost\u001b[2J\u009b31m\u202e\n';
  app.log.info({ ending }, 'the call is over');

  expect(lines.join('')).toMatch(/^[^\p{Cc}\p{Bidi_Control}]+\n$/u);
  expect(JSON.parse(lines.join(''))).toMatchObject({ ending });
});
