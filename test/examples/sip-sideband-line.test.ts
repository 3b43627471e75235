import type { AnySession } from 'gated-realtime';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApp } from '../../examples/sip-sideband/app.js';
import { simulatedOpenAI, type SimulatedOpenAIOptions } from '../../examples/sip-sideband/simulated/openai.js';

// The control line of a SIP call: refused at first, refused for good, and given up when the program ends.

const webhookSecret = `whsec_${Buffer.from('a secret of this test').toString('base64')}`;
const closings: (() => Promise<unknown>)[] = [];
let logged: string;

beforeEach(() => {
  logged = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => Boolean((logged += String(line))));
});
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  vi.restoreAllMocks();
});

interface Line {
  readonly msg: string;
  readonly callId?: string;
  readonly err?: { readonly message: string };
  readonly decision?: { readonly callId: string; readonly purpose: string };
  readonly ledger?: object;
}
const everyLine = (): readonly Line[] => logged.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Line] : []));
const lines = (msg: string): readonly Line[] => everyLine().filter((line) => line.msg === msg);

interface Given extends Partial<SimulatedOpenAIOptions> {
  readonly onSession?: (session: AnySession) => void;
}

/** The answering service and a simulated OpenAI, whose API refuses control lines as it is told. */
async function setUp({ onSession, ...options }: Given = {}) {
  const waiting = new Map<string, () => void>();
  const openai = await simulatedOpenAI({
    webhookSecret,
    ...options,
    onRequest: (request) => waiting.get(request)?.(),
  });
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: openai.baseURL, webhookSecret, maxRetries: 0 });
  let tell: (session: AnySession) => void = () => undefined;
  const opened = new Promise<AnySession>((resolve) => {
    tell = resolve;
  });
  const app = createApp({
    client,
    model: 'gpt-realtime-2.1',
    sideband: (callId) => ({ callId, url: openai.controlLine, apiKey: 'sk-test' }),
    onSession(_, session) {
      onSession?.(session);
      tell(session);
    },
  });
  const webhook = `${await app.listen({ host: '127.0.0.1', port: 0 })}/openai-webhook`;
  closings.push(
    () => app.close(),
    () => openai.close(),
  );
  /** Resolves when this is asked of the server, now or later. */
  const asked = (request: string) =>
    openai.requests.includes(request)
      ? Promise.resolve()
      : new Promise<void>((resolve) => waiting.set(request, resolve));
  return { app, openai, webhook, opened, asked };
}

/** Refuses so many attempts at the control line. */
const refusing = (count: number) => {
  let attempts = 0;
  return (request: string): boolean => request.startsWith('connect') && ++attempts <= count;
};

test.each([1, 2, 3])(
  'serves a call whose control line is refused %d times just after it was accepted',
  async (count) => {
    const { openai, webhook, opened } = await setUp({ refuses: refusing(count) });
    openai.model.says('Elm Road Cinema, good evening.');
    await openai.ring(webhook, 'rtc_1');
    await opened;

    expect(openai.requests).toEqual(['accept rtc_1', ...Array.from({ length: count + 1 }, () => 'connect rtc_1')]);
    expect(lines('the control line was refused, and is tried again')).toHaveLength(count);
  },
);

test('hangs up a call whose control line is refused again and again, and says why', async () => {
  const { app, openai, webhook, asked } = await setUp({ refuses: refusing(Infinity) });
  await openai.ring(webhook, 'rtc_1');
  await asked('hangup rtc_1');
  await app.close();

  expect(openai.requests.filter((request) => request === 'connect rtc_1')).toHaveLength(4);
  expect(lines('the call was not served')).toMatchObject([{ callId: 'rtc_1', err: { message: /404/ } }]);
});

test('tries no second time where waiting mends nothing', async () => {
  const { openai, webhook, asked } = await setUp();
  openai.model.misbehaves({ refusal: 'http401' });
  await openai.ring(webhook, 'rtc_1');
  await asked('hangup rtc_1');

  expect(openai.requests).toEqual(['accept rtc_1', 'connect rtc_1', 'hangup rtc_1']);
});

test('closing hangs up a call whose control line is still being tried', async () => {
  const { app, openai, webhook, asked } = await setUp({ refuses: refusing(Infinity) });
  await openai.ring(webhook, 'rtc_1');
  await asked('connect rtc_1');
  await app.close();

  expect(openai.requests.at(-1)).toBe('hangup rtc_1');
  expect(openai.requests.filter((request) => request === 'connect rtc_1').length).toBeLessThan(4);
});

test('closing lets a call end with a goodbye that is heard', async () => {
  const { app, openai, webhook, opened } = await setUp();
  openai.model.says('Elm Road Cinema, good evening.');
  openai.model.says('We must end the call here, goodbye.');
  await openai.ring(webhook, 'rtc_1');
  const session = await opened;
  await new Promise((resolve) => session.on('output_audio_buffer.stopped', resolve));
  expect((await app.inject('/health')).json()).toEqual({ calls: 1 });
  await app.close();

  expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'heard' });
  expect(openai.requests.at(-1)).toBe('hangup rtc_1');
  expect(lines('the call is over')).toMatchObject([{ callId: 'rtc_1' }]);
});

test('logs each decision, each fault in its words, and what the session cost', async () => {
  const { openai, webhook, opened } = await setUp();
  openai.model.says('Elm Road Cinema, good evening.');
  await openai.ring(webhook, 'rtc_1');
  const session = await opened;
  await new Promise((resolve) => session.on('output_audio_buffer.stopped', resolve));
  openai.model.die();
  await session.closed;

  const [decisions, faults] = [everyLine().filter((line) => line.decision), everyLine().filter((line) => line.err)];
  expect(decisions).toMatchObject([{ decision: { callId: 'rtc_1', purpose: 'greeting' } }]);
  expect(faults).toContainEqual(expect.objectContaining({ callId: 'rtc_1', msg: expect.stringMatching(/was lost/) }));
  expect(everyLine().filter((line) => line.ledger)).toMatchObject([{ callId: 'rtc_1' }]);
  expect(logged).not.toContain('good evening');
});

test('a program that fails once the line is open leaves no session behind, and hangs up', async () => {
  const sessions: AnySession[] = [];
  const { openai, webhook } = await setUp({
    // The server does not close the line itself.
    refuses: (request) => request.startsWith('hangup'),
    onSession(session) {
      sessions.push(session);
      throw new Error('Out of memory.');
    },
  });
  await openai.ring(webhook, 'rtc_1');
  await expect.poll(() => lines('the call was not served')).toHaveLength(1);

  expect(openai.requests.at(-1)).toBe('hangup rtc_1');
  expect(sessions.map(({ state }) => state.connection)).toEqual(['closed']);
  expect(lines('the call was not served')).toMatchObject([{ err: { message: 'Out of memory.' } }]);
});

test('a call that may have been accepted, though no answer came, is hung up', async () => {
  const requests: string[] = [];
  const api = (url: string | URL | Request): Promise<Response> => {
    const request = String(url instanceof Request ? url.url : url).replace(/.*\//, '');
    requests.push(request);
    return request === 'accept' ? Promise.reject(new TypeError('fetch failed')) : Promise.resolve(new Response());
  };
  const client = new OpenAI({ apiKey: 'sk-test', webhookSecret, maxRetries: 0, fetch: api });
  const { openai } = await setUp();
  const app = createApp({ client, model: 'gpt-realtime-2.1' });
  closings.push(() => app.close());
  await openai.ring(`${await app.listen({ host: '127.0.0.1', port: 0 })}/openai-webhook`, 'rtc_1');
  await app.close();

  expect(requests).toEqual(['accept', 'hangup']);
});
