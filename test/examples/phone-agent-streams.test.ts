import { once } from 'node:events';
import { listen, type SimulatedSocket } from 'gated-realtime/simulator';
import type { AnySession } from 'gated-realtime';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { createApp } from '../../examples/phone-agent/app.js';
import type { Office } from '../../examples/phone-agent/office.js';
import { twilioSignature } from '../../examples/phone-agent/twilio-signature.js';

// A carrier that says things twice, too late, or in an order that it should not; and what the agent writes to its log.

const authToken = 'a-token-of-twilio';
const publicUrl = new URL('https://agent.example.com');
const apology = 'We are sorry, there is a technical problem.';

let model: SimulatedSocket;
let app: FastifyInstance;
let host: string;
/** The calls whose session has been opened. */
let sessions: string[];
let opened: AnySession[];
let office: Office;
let logged: string;

beforeEach(async () => {
  logged = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => Boolean((logged += String(line))));
  sessions = [];
  opened = [];
  model = await listen({ pace: 10 });
  office = {
    callBegan: () => Promise.resolve(),
    callEnded: () => Promise.resolve(),
    endingOf: () => Promise.resolve(null),
  } as Partial<Office> as Office;
  app = await createApp({
    config: { twilio: { authToken }, publicUrl, operatorToken: 'an-operator-token', dayBudgetUsd: 50 },
    office,
    serve(callSid) {
      if (callSid === 'CA-unknown') throw new Error('Nobody serves this call.');
      const limits = { silenceMs: 60_000, patienceMs: 60_000, nudges: 1, turns: 40, budgetUsd: 5 };
      return { openai: { model: 'gpt-realtime-2.1', apiKey: 'sk-test', url: model.url }, limits };
    },
    onSession(callSid, session) {
      sessions.push(callSid);
      opened.push(session);
      if (callSid === 'CA-broken') throw new Error('Out of memory.');
    },
  });
  ({ host } = new URL(await app.listen({ host: '127.0.0.1', port: 0 })));
});

afterEach(async () => {
  await app.close();
  await model.close();
  vi.restoreAllMocks();
});

async function webhook(path: string, callSid: string) {
  const fields = { CallSid: callSid, From: '+15550100' };
  const signature = twilioSignature(authToken, new URL(path, publicUrl).href, fields);
  const headers = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' };
  return app.inject({ method: 'POST', url: path, headers, payload: new URLSearchParams(fields).toString() });
}

/** A media stream that has said nothing yet. */
async function stream() {
  const headers = { 'x-twilio-signature': twilioSignature(authToken, 'wss://agent.example.com/media') };
  const socket = new WebSocket(`ws://${host}/media`, { headers });
  await once(socket, 'open');
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000 };
  return {
    socket,
    start: (callSid: string) =>
      socket.send(JSON.stringify({ event: 'start', start: { callSid, streamSid: 'MZ1', mediaFormat } })),
    stop: () => socket.send('{"event":"stop"}'),
    closed: once(socket, 'close').then(([code]) => code as number),
    spoken: once(socket, 'message'),
  };
}

const lastWords = async (callSid: string) => (await webhook('/call-ended', callSid)).body;

test('refuses a second stream of a call that has one, though its webhook was delivered twice', async () => {
  await webhook('/incoming-call', 'CA1');
  const first = await stream();
  first.start('CA1');
  await first.spoken;
  await webhook('/incoming-call', 'CA1');
  const second = await stream();
  second.start('CA1');

  expect(await second.closed).toBe(1008);
  expect(first.socket.readyState).toBe(WebSocket.OPEN);
  expect(sessions).toEqual(['CA1']);
  first.stop();
  await first.closed;
});

test('takes a stream that says twice that it starts for the call that it named first', async () => {
  for (const callSid of ['CA1', 'CA2']) await webhook('/incoming-call', callSid);
  const { start, stop, spoken, closed } = await stream();
  start('CA1');
  start('CA1');
  start('CA2');
  await spoken;
  stop();
  stop();

  expect(await closed).toBe(1000);
  expect(sessions).toEqual(['CA1']);
});

test('a stream that was refused cannot join another call', async () => {
  const callBegan = vi.spyOn(office, 'callBegan');
  await webhook('/incoming-call', 'CA1');
  const { start, closed } = await stream();
  start('CA-nobody');
  start('CA1');

  expect(await closed).toBe(1008);
  expect(callBegan).not.toHaveBeenCalled();
});

test('a call that cannot be served ends its stream, not the process', async () => {
  await webhook('/incoming-call', 'CA-unknown');
  const { start, closed } = await stream();
  start('CA-unknown');

  expect(await closed).toBe(1011);
  expect(logged).toContain('Nobody serves this call.');
});

test('a call that fails once its session is open leaves no session behind', async () => {
  await webhook('/incoming-call', 'CA-broken');
  const { start, closed } = await stream();
  start('CA-broken');
  await closed;

  expect(opened.map(({ state }) => state.connection)).toEqual(['closed']);
  expect(await lastWords('CA-broken')).toContain(apology);
});

test('a caller hears an apology where the database is down, and so cannot say how the call ended', async () => {
  office.endingOf = () => Promise.reject(new Error('The database is down.'));

  expect(await lastWords('CA-of-another-process')).toContain(apology);
  expect(logged).toContain('The database is down.');
});

test('a call that was said goodbye to is not apologised for, though the database is down', async () => {
  office.callEnded = () => Promise.reject(new Error('The database is down.'));
  office.endingOf = office.callEnded as never;
  await webhook('/incoming-call', 'CA1');
  const { start, stop, spoken, closed } = await stream();
  start('CA1');
  await spoken;
  stop();
  await closed;

  expect(await lastWords('CA1')).not.toContain(apology);
});

test('logs each decision, and the words of every fault under err, and nothing that was said or who called', async () => {
  await webhook('/incoming-call', 'CA1');
  model.says('Your appointment is on Tuesday.');
  const { start, spoken, closed } = await stream();
  start('CA1');
  await spoken;
  model.die();
  await closed;
  await lastWords('CA1');

  const lines = logged
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { callSid?: string; decision?: object; err?: { message: string } });
  const faults = lines.flatMap(({ err }) => (err ? [err.message] : []));
  expect(faults).toEqual([expect.stringMatching(/connection was lost/i)]);
  const decisions = lines.filter(({ decision }) => decision);
  expect(decisions).toMatchObject([{ callSid: 'CA1', decision: { purpose: 'greeting', verdict: 'admit' } }]);
  expect(logged).not.toMatch(/Tuesday|15550100|sk-test/);
});
