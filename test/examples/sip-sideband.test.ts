import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AnySession } from 'gated-realtime';
import OpenAI from 'openai';
import { afterEach, expect, test } from 'vitest';
import { createApp } from '../../examples/sip-sideband/app.js';
import { simulatedOpenAI, type SimulatedOpenAIOptions } from '../../examples/sip-sideband/simulated/openai.js';

const webhookSecret = `whsec_${Buffer.from('a secret of this test').toString('base64')}`;
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** The answering service, a simulated OpenAI, and a way to see the session of the next call. */
async function setUp(options: Partial<SimulatedOpenAIOptions> = {}) {
  const frames: { readonly type: string }[] = [];
  const onFrame = (text: string) => void frames.push(JSON.parse(text) as { type: string });
  const openai = await simulatedOpenAI({ webhookSecret, onFrame, ...options });
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: openai.baseURL, webhookSecret, maxRetries: 0 });
  const sessions: AnySession[] = [];
  let tell: (session: AnySession) => void = () => undefined;
  const session = new Promise<AnySession>((resolve) => {
    tell = resolve;
  });
  const app = createApp({
    client,
    model: 'gpt-realtime-2.1',
    logLevel: 'silent',
    sideband: (callId) => ({ callId, url: openai.model.url, apiKey: 'sk-test' }),
    onSession(_, each) {
      sessions.push(each);
      tell(each);
    },
  });
  const webhook = `${await app.listen({ host: '127.0.0.1', port: 0 })}/openai-webhook`;
  closings.push(
    () => app.close(),
    () => openai.close(),
  );
  return { openai, webhook, frames, sessions, session };
}

const next = (session: AnySession, type: 'output_audio_buffer.stopped') =>
  new Promise<void>((resolve) => {
    const stop = session.on(type, () => {
      stop();
      resolve();
    });
  });

test('a call is accepted, greeted, said goodbye to until that has been heard, and hung up', async () => {
  const { openai, webhook, frames, session: opened } = await setUp();
  openai.model.says('Elm Road Cinema, good evening.');
  openai.model.calls('end_call');
  openai.model.says('Goodbye!');

  expect(await openai.ring(webhook, 'rtc_1')).toBe(200);
  const session = await opened;
  await next(session, 'output_audio_buffer.stopped');
  openai.model.caller.speaks('Thank you, that was all.', { ms: 500 });

  expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'heard' });
  expect(openai.requests).toEqual(['accept rtc_1', 'hangup rtc_1']);
  expect(frames.at(-1)).toMatchObject({ type: 'output_audio_buffer.stopped' });
});

test('a webhook that OpenAI has not signed takes no call', async () => {
  const { openai, webhook } = await setUp();
  const body = JSON.stringify({ type: 'realtime.call.incoming', data: { call_id: 'rtc_1' } });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': 'wh_1',
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
  };

  expect((await fetch(webhook, { method: 'POST', headers, body })).status).toBe(400);
  expect(openai.requests).toEqual([]);
});

test('a call that is announced twice is taken once', async () => {
  const { openai, webhook, sessions, session: opened } = await setUp();
  openai.model.says('Elm Road Cinema, good evening.');

  await openai.ring(webhook, 'rtc_1', 'wh_1');
  await openai.ring(webhook, 'rtc_1', 'wh_2');
  const session = await opened;
  await next(session, 'output_audio_buffer.stopped');
  openai.model.hangUp();
  await session.closed;

  expect(openai.requests.filter((request) => request.startsWith('accept'))).toEqual(['accept rtc_1']);
  expect(sessions).toHaveLength(1);
});

test('a caller who has gone before the call could be accepted is let go', async () => {
  const { openai, webhook, sessions } = await setUp({ refuses: (request) => request.startsWith('accept') });

  expect(await openai.ring(webhook, 'rtc_gone')).toBe(200);
  expect(await openai.ring(webhook, 'rtc_gone_too')).toBe(200);

  await expect.poll(() => openai.requests).toEqual(['accept rtc_gone', 'accept rtc_gone_too']);
  expect(sessions).toEqual([]);
});

test('a call whose control line does not open is hung up, and not left in silence', async () => {
  const { openai, webhook } = await setUp();
  openai.model.misbehaves({ refusal: 'http503' });

  await openai.ring(webhook, 'rtc_1');

  await expect.poll(() => openai.requests, { timeout: 10_000 }).toEqual(['accept rtc_1', 'hangup rtc_1']);
});

test('a call whose control line is lost in the middle is hung up: nobody could end it any more', async () => {
  const { openai, webhook, session: opened } = await setUp();
  openai.model.says('Elm Road Cinema, good evening.');

  await openai.ring(webhook, 'rtc_1');
  await next(await opened, 'output_audio_buffer.stopped');
  openai.model.die();

  await expect.poll(() => openai.requests).toEqual(['accept rtc_1', 'hangup rtc_1']);
});

test('a caller who hangs up ends the session', async () => {
  const { openai, webhook, session: opened } = await setUp();
  openai.model.says('Elm Road Cinema, good evening.');

  await openai.ring(webhook, 'rtc_1');
  const session = await opened;
  await next(session, 'output_audio_buffer.stopped');
  openai.model.hangUp();

  expect(await session.closed).toMatchObject({ kind: 'caller-hung-up' });
});

test('the simulated call tells its story, from the webhook to the hang-up', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'examples/sip-sideband/simulated/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [told, code] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  const lines = told.join('').split('\n');
  const places = [
    'webhook: realtime.call.incoming, rtc_1, signed',
    'calls API: accept rtc_1',
    'the control line of rtc_1 is open',
    'calls API: hangup rtc_1',
    'over: {"kind":"hung-up","farewell":"heard"}',
  ].map((line) => lines.indexOf(line));
  expect(places).toEqual(places.filter((place) => place >= 0).sort((a, b) => a - b));
  expect(lines).toContain('webhook: answered with 200');
  expect(code).toBe(0);
}, 60_000);
