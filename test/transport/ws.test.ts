import { once } from 'node:events';
import { Agent, type ClientRequest, type RequestListener } from 'node:http';
import { connect as connectTo, type Socket } from 'node:net';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConnectError, MisuseError } from '../../src/errors.js';
import type { Ears } from '../../types/index.js';
import type { WsOptions } from '../../src/transport/ws.js';
import { wsTransport } from '../../src/transport/ws.js';
import { installed, needed } from '../../src/transport/ws/packages.js';
import { collect } from '../support/collect.js';
import { listening } from './listening.js';
import { loopback, refusing } from './servers.js';
import { halfClosing, halfOpen, stalling } from './stalling.js';

const never = new AbortController().signal;
const apiKey = 'sk-proj-S3CRETS3CRETS3CRET';

async function refused(answer: RequestListener, options: Partial<WsOptions> = {}): Promise<ConnectError> {
  const server = await refusing(answer);
  onTestFinished(server.stop);
  const transport = wsTransport({ model: 'm', url: server.url, apiKey, ...(options as object) });
  const error: unknown = await transport.open(listening(), never).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectError);
  return error as ConnectError;
}

const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

describe('a refusal at the upgrade', () => {
  test.each([
    [400, /Check the model/],
    [401, /Check the API key/],
    [403, /permissions/],
    [404, /Check the address/],
    [408, /Connect again/],
    [418, /Check the address/],
    [429, /quota/],
    [500, /later/],
    [503, /later/],
  ])('with HTTP %i says what to do', async (status, advice) => {
    const error = await refused(answering(status, { error: { code: 'some_code', message: 'Some sentence.' } }));
    expect(error.failure).toMatchObject({ kind: 'refused', status, code: 'some_code' });
    expect(error.message).toMatch(advice);
    expect(error.message).toContain('Some sentence.');
  });

  test.each([
    ['HTML', '<html>go away</html>'],
    ['nothing', ''],
    ['an error without a code', { error: { message: 7 } }],
    ['no object', 'null'],
    ['more than anyone reads', 'x'.repeat(1_000_000)],
  ])('may have a body of %s', async (_, body) => {
    const { failure } = await refused(answering(403, body));
    expect(failure).toMatchObject({ kind: 'refused', status: 403, code: null });
  });

  test('whose body never ends is still a refusal', async () => {
    const { failure } = await refused((_, response) => void response.writeHead(503).write('{"error":'));
    expect(failure).toMatchObject({ kind: 'refused', status: 503 });
  });

  test('whose body is cut short is still a refusal', async () => {
    const { failure } = await refused((_, response) => {
      response.writeHead(500, { 'Content-Length': '100' }).write('{"error":');
      setImmediate(() => response.destroy());
    });
    expect(failure).toMatchObject({ kind: 'refused', status: 500 });
  });

  test('by a long sentence is shortened', async () => {
    const error = await refused(answering(500, { error: { message: 'blah '.repeat(1_000) } }));
    expect(error.message.length).toBeLessThan(600);
  });

  test('by a redirect is not followed, though the options say so', async () => {
    const elsewhere = await loopback();
    onTestFinished(elsewhere.stop);
    const error = await refused(answering(307, '', { Location: elsewhere.url }), { ws: { followRedirects: true } });
    expect(error.failure).toMatchObject({ kind: 'refused', status: 307 });
    expect(error.message).toMatch(/redirects/);
    expect(elsewhere.knocks).toEqual([]);
  });
});

type Answer = (error: Error) => void;
const unknownHost = (_host: string, _options: unknown, answer: Answer): void => {
  answer(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
};

describe('a key', () => {
  const everythingOf = (error: Error): string =>
    [error.message, error.stack, inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error)].join('\n');

  test('does not come back in an error, though the server quotes it', async () => {
    const quoting: RequestListener = ({ headers }, response) =>
      void response.writeHead(401).end(
        JSON.stringify({
          error: {
            code: null,
            message: `Bad: ${String(headers.authorization)}, ${String(headers['x-secret'])}, ek_other123, ${apiKey}`,
          },
        }),
      );
    const error = await refused(quoting, { ws: { headers: { 'X-Secret': 'hunter2hunter2' } } });
    expect(error.message).toContain('Bad: [hidden]');
    expect(everythingOf(error)).not.toMatch(/S3CRET|hunter2|other123/);
  });

  test.each([
    ['nobody listens', { url: 'ws://127.0.0.1:1/' }],
    ['there is no such host', { url: 'wss://api.example/', ws: { lookup: unknownHost } }],
    ['the other side does not speak TLS', 'tls'],
  ])('does not come back in an error when %s', async (_, where) => {
    const server = await loopback();
    onTestFinished(server.stop);
    const options =
      where === 'tls' ? { url: server.url.replace('ws:', 'wss:') } : (where as Pick<WsOptions, 'ws'> & { url: string });
    const opening = wsTransport({ model: 'm', apiKey, ...options }).open(listening(), never);
    const error: unknown = await opening.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(everythingOf(error as Error)).not.toContain('S3CRET');
  });

  test('does not come back in an error when a header cannot be written', async () => {
    const ws = { headers: { 'X-Secret': `${apiKey}\n` } };
    const opening = wsTransport({ model: 'm', apiKey, ws }).open(listening(), never);
    const error: unknown = await opening.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MisuseError);
    expect(everythingOf(error as Error)).not.toContain('S3CRET');
  });
});

describe('a server that cannot be reached', () => {
  test('is named, and the reason with it', async () => {
    const { url, stop } = await loopback();
    await stop();
    const opening = wsTransport({ model: 'm', url }).open(listening(), never);
    await expect(opening).rejects.toMatchObject({ failure: { kind: 'unreachable' } });
    await expect(opening).rejects.toThrow(/127\.0\.0\.1:\d+: nothing listens there.*ECONNREFUSED/);
  });

  test('may cut the line before it is ready', async () => {
    const server = await stalling();
    onTestFinished(server.stop);
    const opening = wsTransport({ model: 'm', url: server.url }).open(listening(), never);
    await server.knocked();
    server.cut();
    await expect(opening).rejects.toMatchObject({ failure: { kind: 'unreachable' } });
  });

  test('may speak something else', async () => {
    const error = await refused((_, response) => {
      response.socket?.end('SSH-2.0-OpenSSH\r\n');
    });
    expect(error.failure.kind).toBe('unreachable');
  });

  test('is given up after the time that the socket’s options allow', async () => {
    const server = await stalling();
    onTestFinished(server.stop);
    const transport = wsTransport({ model: 'm', url: server.url, ws: { handshakeTimeout: 50 } });
    await expect(transport.open(listening(), never)).rejects.toMatchObject({ failure: { kind: 'unreachable' } });
    await server.left();
  });
});

describe('an agent or a connection of the user’s own', () => {
  const url = 'ws://127.0.0.1:1/';
  const failing = (thrown: unknown) => ({
    agent: Object.assign(new Agent(), {
      createConnection() {
        throw thrown;
      },
    }),
  });

  test('that throws is a server that could not be reached, and its words are told', async () => {
    const opening = wsTransport({ model: 'm', url, ws: failing(new Error('the proxy is down')) }).open(
      listening(),
      never,
    );
    await expect(opening).rejects.toBeInstanceOf(ConnectError);
    await expect(opening).rejects.toThrow(/127\.0\.0\.1:1: the agent failed: the proxy is down/);
  });

  test.each(['createConnection', 'lookup'])('that throws in %s is one too', async (name) => {
    const ws = {
      [name]: () => {
        throw Object.assign(new Error('no way out'), { code: 'EPROXY' });
      },
    };
    const opening = wsTransport({ model: 'm', url: 'ws://localhost:1/', ws }).open(listening(), never);
    await expect(opening).rejects.toBeInstanceOf(ConnectError);
    await expect(opening).rejects.toThrow(/no way out \(EPROXY\)/);
  });

  test('that throws while the request is finished leaves nothing open', async () => {
    const server = await loopback();
    onTestFinished(server.stop);
    let closed: Promise<unknown> | undefined;
    const ws = {
      createConnection() {
        const socket = connectTo(server.port, '127.0.0.1');
        closed = once(socket, 'close');
        return socket;
      },
      finishRequest() {
        throw new Error('no token');
      },
    };
    const opening = wsTransport({ model: 'm', url: server.url, ws }).open(listening(), never);
    await expect(opening).rejects.toThrow(/no token/);
    await closed;
    expect(server.knocks).toEqual([]);
  });

  test.each(['a word', Object.create(null), { toString: 7 }, undefined])(
    'may throw what is no error: %j',
    async (thrown) => {
      const opening = wsTransport({ model: 'm', url, ws: failing(thrown) }).open(listening(), never);
      await expect(opening).rejects.toBeInstanceOf(ConnectError);
    },
  );

  test('that is refused as an option is a mistake of the caller’s', async () => {
    const opening = wsTransport({ model: 'm', url, ws: { protocolVersion: 5 } }).open(listening(), never);
    await expect(opening).rejects.toBeInstanceOf(MisuseError);
  });
});

describe('a connection', () => {
  test('asks with the model and the key, and without compression', async () => {
    const server = await loopback({ perMessageDeflate: true });
    onTestFinished(server.stop);
    await wsTransport({ model: 'gpt-realtime', url: server.url, apiKey }).open(listening(), never);
    const [knock] = server.knocks;
    expect(knock?.url).toBe('/v1/realtime?model=gpt-realtime');
    expect(knock?.headers).toMatchObject({ authorization: `Bearer ${apiKey}` });
    expect(knock?.headers['sec-websocket-extensions']).toBeUndefined();
  });

  test('keeps nothing of the request that opened it', async () => {
    const server = await loopback();
    onTestFinished(server.stop);
    const requests: WeakRef<object>[] = [];
    const finishRequest = (request: ClientRequest): void => {
      requests.push(new WeakRef(request));
      request.end();
    };
    const line = await wsTransport({ model: 'm', url: server.url, ws: { finishRequest } }).open(listening(), never);
    await turnOfTheLoop();
    collect();
    expect(requests.map((request) => request.deref())).toEqual([undefined]);
    expect(line.unsentBytes).toBe(0);
  });

  test('that is reset ends with the reason that there is', async () => {
    const server = await loopback();
    onTestFinished(server.stop);
    const ears = listening();
    await wsTransport({ model: 'm', url: server.url, ws: { maxPayload: 100 } }).open(ears, never);
    (await server.accepted()).send('x'.repeat(101));
    const { code, reason } = await ears.ended();
    expect(code).toBeNull();
    expect(reason).toMatch(/payload/i);
    expect(ears).toMatchObject({ heard: [], ends: [{}] });
  });

  test('that is killed while it closes ends once', async () => {
    const server = await loopback();
    onTestFinished(server.stop);
    const ears = listening();
    const line = await wsTransport({ model: 'm', url: server.url }).open(ears, never);
    const socket = await server.accepted();
    line.close(1000, '');
    socket.terminate();
    await ears.ended();
    expect(ears.ends).toHaveLength(1);
  });

  test('keeps the bytes of a frame as they were', async () => {
    const server = await loopback();
    onTestFinished(server.stop);
    const kept: Uint8Array[] = [];
    const ears = listening();
    const keeping: Ears = {
      ...ears,
      frame(frame) {
        kept.push(frame as Uint8Array);
        ears.frame(frame);
      },
    };
    await wsTransport({ model: 'm', url: server.url }).open(keeping, never);
    const socket = await server.accepted();
    const texts = Array.from({ length: 200 }, (_, index) => `${index} `.repeat(1_000));
    for (const text of texts) socket.send(text);
    await ears.frames(texts.length);
    expect(kept.map((bytes) => Buffer.from(bytes).toString())).toEqual(texts);
  });
});

// The `ws` package itself waits for 30 s, which does not count as soon. These tests wait in parallel.
describe.concurrent('a connection ends soon', { timeout: 15_000 }, () => {
  test('once it is closed, though the peer began to close and never ends', async ({ expect, onTestFinished }) => {
    const server = await halfClosing();
    onTestFinished(server.stop);
    const ears = listening();
    const line = await wsTransport({ model: 'm', url: server.url }).open(ears, never);
    await server.closeBegun();
    line.close(1000, '');
    await ears.ended();
    expect(ears.ends).toHaveLength(1);
  });

  test('once the peer has begun to close, though nobody here closes it', async ({ expect, onTestFinished }) => {
    const server = await halfClosing();
    onTestFinished(server.stop);
    const ears = listening();
    await wsTransport({ model: 'm', url: server.url }).open(ears, never);
    await server.closeBegun();
    expect(await ears.ended()).toMatchObject({ code: 1000 });
  });

  test('when the peer ends its half and reads nothing more', async ({ expect, onTestFinished }) => {
    const server = await halfOpen();
    onTestFinished(server.stop);
    const ears = listening();
    const line = await wsTransport({ model: 'm', url: server.url }).open(ears, never);
    for (let count = 1; count <= 20; count++) line.send('x'.repeat(1_000_000));
    const microphone = setInterval(() => line.send('audio'), 20);
    onTestFinished(() => clearInterval(microphone));
    await server.endHalf();
    expect(await ears.ended()).toMatchObject({ code: null });
    expect(ears.ends).toHaveLength(1);
  });

  test('once it is closed, though what carries it never closes', async ({ expect, onTestFinished }) => {
    const server = await loopback();
    onTestFinished(server.stop);
    let beneath: Socket | undefined;
    const mocks: { mockRestore(): void }[] = [];
    const createConnection = (): Socket => {
      beneath = connectTo(server.port, '127.0.0.1');
      mocks.push(vi.spyOn(beneath, 'destroy').mockReturnThis(), vi.spyOn(beneath, 'end').mockReturnThis());
      return beneath;
    };
    const ears = listening();
    const options = { model: 'm', url: server.url, ws: { createConnection } };
    const line = await wsTransport(options).open(ears, never);
    const socket = await server.accepted();
    socket.pause();
    line.close(1000, '');
    expect(await ears.ended()).toEqual({ code: null, reason: 'the connection did not close in time' });
    line.send('after the end');
    line.ping?.();
    socket.send('too late');
    socket.resume();
    for (const mocked of mocks) mocked.mockRestore();
    const closed = new Promise((resolve) => beneath?.once('close', resolve));
    beneath?.destroy(new Error('an error after the end'));
    await Promise.all([closed, once(socket, 'close')]);
    await new Promise(setImmediate);
    expect(ears).toMatchObject({ heard: [], ends: [{}] });
  });

  test('once it is closed, though the peer reads nothing and much is unsent', async ({ expect, onTestFinished }) => {
    const server = await halfOpen();
    onTestFinished(server.stop);
    const ears = listening();
    const line = await wsTransport({ model: 'm', url: server.url }).open(ears, never);
    for (let count = 1; count <= 20; count++) line.send('x'.repeat(1_000_000));
    line.close(1000, '');
    expect(await ears.ended()).toMatchObject({ code: null });
    expect(line.unsentBytes).toBe(0);
  });
});

describe('a package that is missing', () => {
  const notFound = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });

  test('is named, with the command that installs it', async () => {
    const missing = needed('ws', () => Promise.reject(notFound));
    await expect(missing).rejects.toBeInstanceOf(MisuseError);
    await expect(missing).rejects.toThrow(/npm install ws/);
  });

  test('is reported missing only when it is needed', async () => {
    const packages = { ...installed, ws: () => needed('ws', () => Promise.reject(notFound)) };
    const transport = wsTransport({ model: 'm', url: 'ws://127.0.0.1:1/' }, packages);
    await expect(transport.open(listening(), never)).rejects.toThrow(/npm install ws/);
  });

  test('is not blamed when it breaks by itself', async () => {
    const broken = new Error('broken');
    await expect(needed('ws', () => Promise.reject(broken))).rejects.toBe(broken);
  });
});
