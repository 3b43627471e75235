import { once } from 'node:events';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ListenOptions, SimulatedSocket } from '../../src/simulator/index.js';
import { EphemeralKeys } from '../../src/simulator/ephemeral-keys.js';
import { listen } from '../../src/simulator/index.js';
import { machine } from './machine.js';

const open: SimulatedSocket[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function started(options: ListenOptions = {}) {
  const server = await listen({ pace: 20, ...options });
  open.push(server);
  const base = server.url.replace('ws:', 'http:').replace(/\/realtime$/, '');
  const client = (apiKey: string) => new OpenAI({ apiKey, baseURL: base, maxRetries: 0 });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${base}/realtime/${path}`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { server, client, post };
}

/** The first frame on a socket, and how the socket ended if it did. */
async function firstFrame(url: string, apiKey: string): Promise<any> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${apiKey}` } });
  const [data] = await once(socket, 'message');
  socket.close();
  return JSON.parse(String(data));
}

const offer = 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n';

describe('POST /client_secrets', () => {
  it('gives the SDK a key that opens a session with the settings it was made for', async () => {
    const { server, client } = await started({ apiKeys: ['sk-own'] });
    const made = await client('sk-own').realtime.clientSecrets.create({
      session: { type: 'realtime', model: 'gpt-realtime-2.1-mini', instructions: 'Be brief.' },
    });
    expect(made.value).toMatch(/^ek_/);
    expect(made.session).toMatchObject({ object: 'realtime.session', instructions: 'Be brief.' });
    const created = await firstFrame(server.url, made.value);
    expect(created).toMatchObject({
      type: 'session.created',
      session: { model: 'gpt-realtime-2.1-mini', instructions: 'Be brief.' },
    });
  });

  it('makes a key that lasts ten minutes, or as long as is asked for', async () => {
    const unixSecondsAtZero = 1_790_000_000;
    const { post } = await started({ unixSecondsAtZero, pace: 1 });
    const now = unixSecondsAtZero + Math.floor(performance.now() / 1000);
    const lastsOf = async (body: object) => {
      const made = (await (await post('client_secrets', body)).json()) as { expires_at: number };
      return made.expires_at - now;
    };
    const usual = await lastsOf({});
    expect(usual).toBeGreaterThanOrEqual(600);
    expect(await lastsOf({ expires_after: { anchor: 'created_at', seconds: 7200 } })).toBeGreaterThanOrEqual(7200);
    expect(usual).toBeLessThan(7200);
  });

  it('makes a key that opens nothing once it has expired', () => {
    const keys = new EphemeralKeys();
    keys.add({ value: 'ek_1', expiresAt: 1000, session: { type: 'realtime', instructions: 'x' } });
    const valid = keys.brings('ek_1', 999);
    expect(valid).toEqual({ ephemeral: 'valid', session: { type: 'realtime', instructions: 'x' } });
    expect(keys.brings('ek_1', 1000)).toEqual({ ephemeral: 'expired' });
    expect(keys.brings('sk-own', 999)).toEqual({});
    const greeting = { model: 'gpt-realtime', apiKey: 'ek_1', ...keys.brings('ek_1', 1000) };
    expect(machine({}, greeting).last('error').error.code).toBe('invalid_api_key');
  });

  it.each([
    [{ session: { type: 'realtime', foo: 1 } }, 'unknown_parameter', 'session.foo'],
    [{ session: { type: 'realtime', model: 'gpt-9' } }, 'invalid_model', 'session.model'],
    [
      { session: { type: 'realtime', audio: { output: { voice: 'bob' } } } },
      'invalid_value',
      'session.audio.output.voice',
    ],
    [{ session: {} }, 'missing_required_parameter', 'session.type'],
    [{ expires_after: { seconds: 5 } }, 'invalid_value', 'expires_after.seconds'],
    [
      { session: { type: 'realtime', tool_choice: { type: 'function', name: 'x' } } },
      'invalid_value',
      'session.tool_choice',
    ],
  ])('refuses %j with 400, %s at %s', async (body, code, param) => {
    const { post } = await started();
    const answer = await post('client_secrets', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', code, param } });
  });

  it('can make a key for a session that only writes down what it hears', async () => {
    const { server, post } = await started();
    const made = (await (await post('client_secrets', { session: { type: 'transcription' } })).json()) as any;
    expect(made.session.object).toBe('realtime.transcription_session');
    expect(await firstFrame(server.url, made.value)).toMatchObject({ session: { type: 'transcription' } });
  });

  it('wants a key that is let in, and the fault `refusal` refuses here as well', async () => {
    const { server, post } = await started({ apiKeys: ['sk-own'] });
    expect((await post('client_secrets', {})).status).toBe(401);
    const headers = { authorization: 'Bearer sk-own' };
    for (const [refusal, status] of [
      ['http503', 503],
      [3000, 401],
      ['insufficient_quota', 429],
    ] as const) {
      server.misbehaves({ refusal });
      expect((await post('client_secrets', {}, headers)).status).toBe(status);
    }
    server.misbehaves({ refusal: null });
    expect((await post('client_secrets', {}, headers)).status).toBe(200);
  });
});

describe('POST /calls', () => {
  it('answers the offer of the SDK with 201 and the address of the call, which a sideband joins', async () => {
    const { server, client } = await started();
    const answer = await client('sk-any').realtime.calls.create({
      sdp: offer,
      session: { type: 'realtime', instructions: 'On the phone.' },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/sdp');
    expect(await answer.text()).toContain('m=audio 0 UDP/TLS/RTP/SAVPF 111');
    const callId = answer.headers.get('location')!.split('/').at(-1)!;
    expect(callId).toMatch(/^rtc_/);
    server.says('Hello.');
    const socket = new WebSocket(`${server.url}?call_id=${callId}`);
    await once(socket, 'open');
    const [call] = server.servers;
    expect(call!.session!.config.instructions).toBe('On the phone.');
    expect(call!.replies).toHaveLength(1);
    socket.close();
  });

  it('takes an offer alone, whose session is that of its ephemeral key', async () => {
    const { server, post } = await started({ apiKeys: ['sk-own'] });
    const session = { type: 'realtime', instructions: 'From the key.' };
    const made = await post('client_secrets', { session }, { authorization: 'Bearer sk-own' });
    const { value } = (await made.json()) as { value: string };
    const headers = { authorization: `Bearer ${value}`, 'content-type': 'application/sdp' };
    expect((await post('calls', offer, headers)).status).toBe(201);
    expect(server.servers[0]!.session!.config.instructions).toBe('From the key.');
  });

  it('refuses what is no offer, and a session that is wrong', async () => {
    const { client } = await started();
    const { calls } = client('sk-any').realtime;
    await expect(calls.create({ sdp: 'hello' })).rejects.toMatchObject({ status: 400, param: 'sdp' });
    const session = { type: 'realtime', audio: { output: { voice: 'bob' } } } as const;
    await expect(calls.create({ sdp: offer, session })).rejects.toMatchObject({ param: 'session.audio.output.voice' });
  });
});

describe('a call', () => {
  it('is accepted with its session, and ended by hangup or refer, which closes its sideband', async () => {
    const { server, client } = await started();
    const { calls } = client('sk-any').realtime;
    for (const end of [() => calls.hangup('rtc_1'), () => calls.refer('rtc_1', { target_uri: 'tel:+1' })]) {
      await calls.accept('rtc_1', { type: 'realtime', instructions: 'Accepted.' });
      const socket = new WebSocket(`${server.url}?call_id=rtc_1`);
      await once(socket, 'open');
      expect(server.servers[0]!.session!.config.instructions).toBe('Accepted.');
      const closed = once(socket, 'close');
      await end();
      expect((await closed)[0]).toBe(1000);
    }
  });

  it('that nobody knows cannot be ended: 404', async () => {
    const { client } = await started();
    await expect(client('sk-any').realtime.calls.hangup('rtc_9')).rejects.toMatchObject({
      status: 404,
      code: 'call_id_not_found',
    });
  });

  it('is accepted without the details of voice detection only, as observed, and can be rejected', async () => {
    const { client } = await started();
    const { calls } = client('sk-any').realtime;
    const audio = { input: { turn_detection: { type: 'server_vad', threshold: 0.4 } } } as const;
    await expect(calls.accept('rtc_1', { type: 'realtime', audio })).rejects.toMatchObject({ status: 400 });
    await expect(calls.reject('rtc_1')).resolves.toBeFalsy();
  });
});

it('anything else over HTTP is told that there is a WebSocket here, and other methods that they are wrong', async () => {
  const { server, post } = await started();
  expect((await post('sessions', {})).status).toBe(426);
  const base = server.url.replace('ws:', 'http:');
  expect((await fetch(`${base}/calls`)).status).toBe(405);
  expect((await post('calls', 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
});
