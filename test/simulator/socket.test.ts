import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ListenOptions, SimulatedSocket } from '../../src/simulator/index.js';
import { listen } from '../../src/simulator/index.js';
import { audioOf } from '../../src/simulator/server/tone.js';
import { create, update, userText } from './machine.js';

const open: SimulatedSocket[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function started(options: ListenOptions = {}): Promise<SimulatedSocket> {
  const server = await listen({ pace: 20, ...options });
  open.push(server);
  return server;
}

/** A client that keeps what it reads, and can wait for more. */
function client(
  server: SimulatedSocket,
  query = '?model=gpt-realtime',
  options: object = {},
  protocols: string[] = [],
) {
  const socket = new WebSocket(server.url + query, protocols, options);
  const frames: any[] = [];
  const waiting: { type: string; resolve: (event: any) => void }[] = [];
  socket.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString());
    frames.push(event);
    for (const each of waiting.filter(({ type }) => type === event.type)) each.resolve(event);
  });
  socket.on('error', () => {});
  return {
    socket,
    frames,
    send: (event: object) => socket.send(JSON.stringify(event)),
    next: (type: string) => new Promise<any>((resolve) => waiting.push({ type, resolve })),
    types: () => frames.map(({ type }) => type),
    closed: once(socket, 'close').then(([code, reason]) => [code, String(reason)]),
  };
}

describe('on a socket', () => {
  it('a script sets the server up, and acts on what its client sends', async () => {
    const script = {
      server: { model: 'gpt-realtime', apiKeys: ['sk-1'] },
      steps: [{ on: 'response.create', nth: 2, session: 'hang-up' as const }],
    };
    const server = await started({ script });
    expect((await client(server).closed)[0]).toBe(3000);
    const { send, next, closed } = client(server, undefined, { headers: { authorization: 'Bearer sk-1' } });
    await next('session.created');
    send(create());
    await next('response.done');
    send(create());
    expect((await closed)[0]).toBe(1000);
  });

  it('a whole conversation goes by', async () => {
    const server = await started();
    server.says('Good evening.');
    const { send, next, types } = client(server);
    await next('session.created');
    send(update({ instructions: 'Be brief.' }));
    await next('session.updated');
    send(create());
    const { response } = await next('response.done');
    expect(response.output[0].content[0].transcript).toBe('Good evening.');
    server.caller.speaks('Thank you.', { ms: 400 });
    await next('response.done');
    expect(types()).toContain('input_audio_buffer.speech_stopped');
  });

  it('each connection is a session of its own', async () => {
    const server = await started();
    const [one, two] = [client(server), client(server)];
    const created = await Promise.all([one.next('session.created'), two.next('session.created')]);
    expect(new Set(created.map(({ session }) => session.id)).size).toBe(2);
    one.send(userText('x'));
    await one.next('conversation.item.done');
    two.send({ type: 'nonsense' });
    await two.next('error');
    expect(two.types()).toEqual(['session.created', 'error']);
    expect(server.servers).toHaveLength(2);
  });

  it('?call_id= joins a call, and both ends of it see everything', async () => {
    const server = await started();
    const [browser, sideband] = [client(server, '?call_id=rtc_1'), client(server, '?call_id=rtc_1')];
    await Promise.all([once(browser.socket, 'open'), once(sideband.socket, 'open')]);
    sideband.send(update({ instructions: 'x' }));
    await browser.next('session.updated');
    browser.send(create());
    await sideband.next('output_audio_buffer.stopped');
    expect(sideband.types()).toEqual(browser.types());
    server.hangUp();
    expect(await sideband.closed).toEqual([1000, '']);
  });

  it('a key is taken from the header, or from a browser among the subprotocols', async () => {
    const server = await started({ apiKeys: ['right'] });
    const byHeader = client(server, undefined, { headers: { authorization: 'Bearer right' } });
    await byHeader.next('session.created');
    const byProtocol = client(server, undefined, {}, ['realtime', 'openai-insecure-api-key.right']);
    await byProtocol.next('session.created');
    expect(byProtocol.socket.protocol).toBe('realtime');
    const wrong = client(server, undefined, { headers: { authorization: 'Bearer wrong' } });
    expect(await wrong.closed).toEqual([3000, 'invalid_request_error.invalid_api_key']);
    expect(wrong.frames).toMatchObject([{ type: 'error', error: { code: 'invalid_api_key' } }]);
  });

  it.each([
    ['', {}, 4000, 'missing_model'],
    ['?model=gpt-9', {}, 4000, 'invalid_model'],
    ['?model=gpt-realtime', { headers: { 'openai-beta': 'realtime=v1' } }, 4000, 'beta_api_shape_disabled'],
  ])('a refusal comes inside the socket (%s %j)', async (query, options, code, reason) => {
    const refused = client(await started(), query, options);
    expect(await refused.closed).toEqual([code, `invalid_request_error.${reason}`]);
    expect(refused.types()).toEqual(['error']);
  });

  it.each([401, 403, 429, 503])('or as HTTP %i at the upgrade', async (status) => {
    const server = await started();
    server.misbehaves({ refusal: `http${status}` as 'http401' });
    const { socket } = client(server);
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(status);
    const [body] = await once(response, 'data');
    expect(JSON.parse(body).error.message).not.toBe('');
  });

  it('a path that is not /realtime is not found, and plain HTTP is told what it needs', async () => {
    const server = await started();
    const { socket } = client(server, '/other');
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(404);
    expect((await fetch(server.url.replace('ws:', 'http:'))).status).toBe(426);
  });

  it('it pings every 20.3 seconds', async () => {
    const { socket } = client(await started({ pace: 400 }));
    const began = performance.now();
    await once(socket, 'ping');
    await once(socket, 'ping');
    expect((performance.now() - began) * 400).toBeGreaterThan(20_300);
  });

  it('a binary frame is refused, and the socket stays', async () => {
    const { socket, next } = client(await started());
    await next('session.created');
    socket.send(Buffer.from([1, 2, 3]));
    expect((await next('error')).error.code).toBe('invalid_event');
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('it can die without a close frame, and expire with one', async () => {
    const server = await started();
    const one = client(server);
    await one.next('session.created');
    server.die();
    expect(await one.closed).toEqual([1006, '']);
    const two = client(server);
    await two.next('session.created');
    server.expire();
    expect(await two.closed).toEqual([1001, 'Your session hit the maximum duration of 60 minutes.']);
    expect(two.frames.at(-1).error.code).toBe('session_expired');
  });

  /** The status with which a connection is refused; 101 if it is not. */
  const statusOf = async (server: SimulatedSocket, query?: string): Promise<number> => {
    const { socket, next } = client(server, query);
    const refused = once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number);
    return Promise.race([refused, next('session.created').then(() => 101)]);
  };

  it('refuses the next connections, each of which would be a session of its own, and then no more', async () => {
    const server = await started({ faults: { refusal: { next: 1, by: 'http500' } } });
    expect([await statusOf(server), await statusOf(server)]).toEqual([500, 101]);
    server.misbehaves({ refusal: { next: 2, by: 'http503', afterMs: 200 } });
    expect([await statusOf(server), await statusOf(server), await statusOf(server)]).toEqual([503, 503, 101]);
  });

  it('answers HTTP requests while the next connections are refused', async () => {
    const server = await started({ faults: { refusal: { next: 1, by: 'http500' } } });
    const address = server.url.replace('ws:', 'http:').replace('/realtime', '/realtime/client_secrets');
    expect((await fetch(address, { method: 'POST', body: '{}' })).status).toBe(200);
  });

  it('admits no more connections at once than it may', async () => {
    const server = await started({ faults: { maxConnections: 2 } });
    const { socket, next, closed } = client(server);
    await next('session.created');
    expect([await statusOf(server), await statusOf(server)]).toEqual([101, 429]);
    socket.close();
    await closed;
    while (server.servers.length > 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await statusOf(server)).toBe(101);
  });

  it('a step of a script refuses the connections that come after it', async () => {
    const faults = { refusal: { next: 1, by: 'http429' }, lateDone: 5 } as const;
    const server = await started({ script: { steps: [{ on: 'session.updated', faults }] } });
    const { send, next } = client(server);
    await next('session.created');
    send(update({}));
    while (server.servers[0]?.faults.lateDone !== 5) await new Promise((resolve) => setImmediate(resolve));
    expect([await statusOf(server), await statusOf(server)]).toEqual([429, 101]);
    expect(server.servers.map(({ faults: { lateDone } }) => lateDone)).toEqual([5, 0]);
  });

  it('falls silent when a script says so, without a close', async () => {
    const script = { steps: [{ on: 'input_audio_buffer.cleared', session: 'stall' as const }] };
    const server = await started({ pace: 1, script });
    const { send, next, types, socket } = client(server);
    await next('session.created');
    send({ type: 'input_audio_buffer.clear' });
    await next('input_audio_buffer.cleared');
    send(create());
    const signs = [next('response.created'), once(socket, 'close')];
    const silence = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms, 'silence'));
    expect(await Promise.race([...signs, silence(300)])).toBe('silence');
    socket.ping();
    expect(await Promise.race([once(socket, 'pong'), silence(100)])).toBe('silence');
    expect(types()).toEqual(['session.created', 'input_audio_buffer.cleared']);
    expect(await statusOf(server)).toBe(101);
    socket.terminate();
  });

  it('forgets a client that leaves', async () => {
    const gone: string[] = [];
    const server = await started({ onGone: (connection) => gone.push(connection) });
    const { socket, next, closed } = client(server);
    await next('session.created');
    socket.close(1000, 'bye');
    expect(await closed).toEqual([1000, 'bye']);
    while (server.servers.length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(gone).toEqual(['connection-1']);
  });

  it('a port that is taken is an error', async () => {
    const server = await started();
    await expect(listen({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('on a socket, loud audio counts as speech', () => {
  it.each(['audio/pcm', 'audio/pcmu', 'audio/pcma'])('in %s: a turn, its transcript and its answer', async (type) => {
    const server = await started({ hears: () => 'La la la.' });
    const { send, next, types } = client(server);
    await next('session.created');
    const input = { format: { type }, transcription: { model: 'whisper-1' } };
    send(update({ audio: { input } }));
    await next('session.updated');
    const heard = next('conversation.item.input_audio_transcription.completed');
    const done = next('response.done');
    const append = (ms: number, kind: 'tone' | 'silence') => {
      for (let at = 0; at < ms; at += 20) send({ type: 'input_audio_buffer.append', audio: audioOf(type, 20, kind) });
    };
    append(400, 'silence');
    append(600, 'tone');
    append(400, 'silence');
    expect((await heard).transcript).toBe('La la la.');
    expect((await done).response.status).toBe('completed');
    expect(types().slice(2, 8)).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
    ]);
  });

  it('where the samples say so, not the clock', async () => {
    const server = await started();
    const { send, next } = client(server);
    await next('session.created');
    const audio = (ms: number, kind: 'tone' | 'silence') =>
      send({ type: 'input_audio_buffer.append', audio: audioOf('audio/pcm', ms, kind) });
    const [started_, stopped] = [next('input_audio_buffer.speech_started'), next('input_audio_buffer.speech_stopped')];
    audio(1000, 'silence');
    audio(800, 'tone');
    audio(500, 'silence');
    expect((await started_).audio_start_ms).toBe(700);
    expect((await stopped).audio_end_ms).toBe(2000);
  });

  it('interrupts an answer', async () => {
    const server = await started();
    server.says('A long story that nobody wants to hear to its end.', { ms: 60_000 });
    const { send, next } = client(server);
    await next('session.created');
    send(create());
    await next('response.output_audio.delta');
    const done = next('response.done');
    send({ type: 'input_audio_buffer.append', audio: audioOf('audio/pcm', 200, 'tone') });
    expect((await done).response.status_details).toEqual({ type: 'cancelled', reason: 'turn_detected' });
  });

  it.each([
    ['voice detection is off', null, 'energy'],
    ['only the script speaks', undefined, 'script'],
  ] as const)('but not where %s', async (_, detection, detects) => {
    const server = await started({ detects });
    const { send, next, types } = client(server);
    await next('session.created');
    send(update({ audio: { input: { ...(detection === null && { turn_detection: null }) } } }));
    send({ type: 'input_audio_buffer.append', audio: audioOf('audio/pcm', 500, 'tone') });
    send({ type: 'input_audio_buffer.append', audio: audioOf('audio/pcm', 500, 'silence') });
    send({ type: 'input_audio_buffer.commit' });
    await next('conversation.item.done');
    expect(types()).not.toContain('input_audio_buffer.speech_started');
  });
});
