import { once } from 'node:events';
import { listen, type SimulatedSocket } from 'gated-realtime/simulator';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createApp } from '../../examples/phone-agent/app.js';
import type { CallLimits } from '../../examples/phone-agent/config.js';
import type { Office } from '../../examples/phone-agent/office.js';
import { SimulatedCaller, type Agent } from '../../examples/phone-agent/simulated/caller.js';
import { CallLog } from '../../examples/phone-agent/simulated/log.js';
import { isFromTwilio, twilioSignature } from '../../examples/phone-agent/twilio-signature.js';

const authToken = 'a-token-of-twilio';
const publicUrl = new URL('https://agent.example.com');
const generous = { silenceMs: 60_000, patienceMs: 60_000, nudges: 1, turns: 40, budgetUsd: 5 };
const callSid = 'CA0000000000000000000000000000000a';

/** An office that writes down how calls ended, and nothing else. */
function paperOffice(): Office & { readonly endings: Map<string, string> } {
  const endings = new Map<string, string>();
  const closed = () => Promise.reject(new Error('The office is closed.'));
  return {
    endings,
    isOpen: closed,
    callBegan: () => Promise.resolve(),
    callEnded: (call, ending) => Promise.resolve(void endings.set(call, ending)),
    endingOf: (call) => Promise.resolve(endings.get(call) ?? null),
    saveLead: closed,
    freeTimes: closed,
    book: closed,
  };
}

let model: SimulatedSocket;
let office: ReturnType<typeof paperOffice>;
let app: FastifyInstance;
let agent: Agent;
let log: CallLog;
/** Where the model is, and what a call may take; changed before a call begins. */
let modelUrl: string;
let limits: CallLimits;

beforeEach(async () => {
  log = new CallLog(10);
  model = await listen({ pace: 10, hears: () => 'Hello?', onFrame: (frame) => log.frame(frame) });
  modelUrl = model.url;
  limits = generous;
  office = paperOffice();
  app = await createApp({
    config: { twilio: { authToken }, publicUrl, operatorToken: 'an-operator-token', dayBudgetUsd: 50 },
    office,
    logLevel: 'silent',
    serve: () => ({ openai: { model: 'gpt-realtime-2.1', apiKey: 'sk-test', url: modelUrl }, limits }),
  });
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 })).host;
  agent = { address, publicUrl, authToken };
});

afterEach(async () => {
  await app.close();
  await model.close();
});

const dial = () => SimulatedCaller.dial({ agent, callSid, from: '+15550100', pace: 10, onEvent: () => undefined });

/** The next frame of this type. */
const next = (type: string) =>
  new Promise<void>((resolve) => {
    const stop = log.onFrame(({ event }) => {
      if (event.type !== type) return;
      stop();
      resolve();
    });
  });

const fields = { CallSid: callSid, From: '+15550100' };
const announce = (signature: string) =>
  app.inject({
    method: 'POST',
    url: '/incoming-call',
    headers: { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });

/** How the agent answers a request for a stream: by its HTTP status. */
async function statusOfStream(headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`ws://${agent.address}/media`, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
}

test('signs as Twilio documents it: the fields in the order of their names, after the address', () => {
  // The example of Twilio's own documentation of webhook security.
  const signed = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  };
  const signature = twilioSignature('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', signed);

  expect(signature).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
});

test('a signature is good for its own address, its own fields and its own token alone', () => {
  const url = 'https://agent.example.com/incoming-call';
  const signature = twilioSignature(authToken, url, fields);

  expect(isFromTwilio(authToken, signature, url, fields)).toBe(true);
  expect(isFromTwilio(authToken, signature, `${url}2`, fields)).toBe(false);
  expect(isFromTwilio(authToken, signature, url, { ...fields, From: '+15550666' })).toBe(false);
  expect(isFromTwilio('another-token', signature, url, fields)).toBe(false);
  expect(isFromTwilio(authToken, undefined, url, fields)).toBe(false);
});

test('turns away a webhook that Twilio has not signed', async () => {
  const refused = await announce(twilioSignature('another-token', 'https://agent.example.com/incoming-call', fields));

  expect(refused.statusCode).toBe(403);
});

test('turns away a media stream that Twilio has not signed, before there is a socket', async () => {
  expect(await statusOfStream({})).toBe(403);
  expect(await statusOfStream({ 'x-twilio-signature': twilioSignature('x', 'wss://agent.example.com/media') })).toBe(
    403,
  );
});

test('a stream that no webhook has announced reaches no model', async () => {
  const headers = { 'x-twilio-signature': twilioSignature(authToken, 'wss://agent.example.com/media') };
  const socket = new WebSocket(`ws://${agent.address}/media`, { headers });
  await once(socket, 'open');
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000 };
  socket.send(JSON.stringify({ event: 'start', start: { callSid, streamSid: 'MZ1', mediaFormat } }));

  const [code] = (await once(socket, 'close')) as [number];

  expect(code).toBe(1008);
  expect(model.servers).toEqual([]);
});

test('what the caller says before there is a session is not lost', async () => {
  const slow = await listen({ pace: 10, latency: { update: 5_000 }, onFrame: (frame) => log.frame(frame) });
  modelUrl = slow.url;
  const caller = await dial();
  const spoken = log.until(({ type }) => type === 'input_audio_buffer.speech_started');
  const confirmed = log.until(({ type }) => type === 'session.updated').then(() => caller.speechMs);
  caller.speaks(600);

  expect(await confirmed).toBe(0);
  await spoken;

  caller.hangsUp();
  await caller.ended;
  await slow.close();
});

test('where the model cannot be reached, the caller hears so from Twilio', async () => {
  modelUrl = 'ws://127.0.0.1:9/v1/realtime';

  const caller = await dial();

  expect(await caller.ended).toBe('We are sorry, there is a technical problem. Please call again.');
  expect(office.endings.get(callSid)).toBe('failed');
});

test('where the model is lost in mid-call, the caller hears so from Twilio', async () => {
  const caller = await dial();
  await log.until(({ type }) => type === 'response.done');
  model.die();

  expect(await caller.ended).toBe('We are sorry, there is a technical problem. Please call again.');
});

test('closing the server lets the call that runs end with a goodbye', async () => {
  const caller = await dial();
  await log.until(({ type }) => type === 'response.done');
  model.says('We must end the call here. Goodbye!');
  const closing = app.close();

  await log.until(({ transcript }) => transcript === 'We must end the call here. Goodbye!');
  await closing;

  // Twilio, which asks what comes next, has nothing to add, and no error to read out.
  expect(await caller.ended).toBeNull();
  expect(office.endings.get(callSid)).toBe('the agent hung up, farewell heard');
});

test('no call is taken once closing has begun: not even one that was announced before', async () => {
  const caller = await dial();
  await log.until(({ type }) => type === 'response.done');
  const late = { CallSid: 'CA0000000000000000000000000000000b', From: '+15550101' };
  const webhook = new URL('/incoming-call', publicUrl).href;
  const announceAnother = async () => {
    const signature = { 'x-twilio-signature': twilioSignature(authToken, webhook, late) };
    const request = { method: 'POST', headers: signature, body: new URLSearchParams(late) };
    return (await fetch(`http://${agent.address}/incoming-call`, request)).text();
  };
  expect(await announceAnother()).toContain('<Stream');
  const headers = { 'x-twilio-signature': twilioSignature(authToken, 'wss://agent.example.com/media') };
  const socket = new WebSocket(`ws://${agent.address}/media`, { headers });
  await once(socket, 'open');
  model.says('We must end the call here. Goodbye!', { ms: 10_000 });
  const closing = app.close();
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000 };
  await log.until(({ transcript }) => transcript === 'We must end the call here. Goodbye!');
  await expect(announceAnother()).resolves.toContain('The agent is shutting down.');
  socket.send(JSON.stringify({ event: 'start', start: { callSid: late.CallSid, streamSid: 'MZ2', mediaFormat } }));

  const [code] = (await once(socket, 'close')) as [number];
  await closing;

  await caller.ended;
  expect(code).toBe(1008);
  expect([...office.endings.keys()]).toEqual([callSid]);
});

test('a caller who has heard no goodbye, because the model failed at it, hears one from Twilio', async () => {
  const caller = await dial();
  await log.until(({ type }) => type === 'response.done');
  for (let attempt = 0; attempt < 3; attempt += 1) model.fails('server_error');
  await app.close();

  expect(await caller.ended).toBe('We are sorry, we must end the call here. Please call again. Goodbye.');
  expect(office.endings.get(callSid)).toBe('the agent hung up, farewell failed');
});

test('closing the server ends a call that has no session yet', async () => {
  const slow = await listen({ pace: 10, latency: { update: 50_000 }, onFrame: (frame) => log.frame(frame) });
  modelUrl = slow.url;
  const asked = log.until(({ type }) => type === 'session.created');
  const caller = await dial();
  await asked;

  await app.close();

  await caller.ended;
  expect(office.endings.get(callSid)).toBe('the agent was shut down');
  await slow.close();
});

test('closing the server ends a call whose caller takes back the goodbye that was under way', async () => {
  const caller = await dial();
  await log.until(({ type }) => type === 'response.done');
  model.calls('end_call');
  model.says('Thank you for calling, and goodbye.', { ms: 10_000 });
  model.says('We must end the call here. Goodbye!');
  caller.speaks(600);
  await log.until(({ transcript }) => transcript === 'Thank you for calling, and goodbye.');
  const closing = app.close();
  caller.speaks(600);

  await closing;

  await caller.ended;
  expect(office.endings.get(callSid)).toBe('the agent hung up, farewell heard');
});

test('what the caller says to an operator does not use up the turns of the agent', async () => {
  limits = { ...limits, turns: 2 };
  const caller = await dial();
  await log.until(({ type }) => type === 'response.done');
  const headers = { authorization: 'Bearer an-operator-token' };
  expect((await app.inject({ method: 'PUT', url: `/calls/${callSid}/operator`, headers })).statusCode).toBe(204);
  for (let turn = 0; turn < 3; turn += 1) {
    const committed = next('input_audio_buffer.committed');
    caller.speaks(600);
    await committed;
  }

  caller.hangsUp();

  await caller.ended;
  expect(office.endings.get(callSid)).toBe('the caller hung up');
});

test('only who has the token may take a call over', async () => {
  const url = `/calls/${callSid}/operator`;
  const as = (token: string) => app.inject({ method: 'PUT', url, headers: { authorization: `Bearer ${token}` } });

  expect((await as('a-wrong-token')).statusCode).toBe(401);
  expect((await as('an-operator-token')).statusCode).toBe(404);
});
