import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ClientOptions } from 'ws';
import { wsTransport } from '../../src/transport/ws.js';
import { cleanCause } from '../../src/transport/ws/unreachable.js';
import { listening } from './listening.js';
import { loopback, refusing } from './servers.js';

const never = new AbortController().signal;
const apiKey = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';

interface Asked {
  readonly apiKey?: string;
  readonly ws?: ClientOptions;
  readonly query?: string;
}

async function lineWith({ query = '', ...options }: Asked) {
  const server = await loopback();
  onTestFinished(server.stop);
  const ears = listening();
  const line = await wsTransport({ model: 'gpt-realtime', url: server.url + query, ...options }).open(ears, never);
  return { ears, line, peer: await server.accepted() };
}

const everythingOf = (value: unknown): string =>
  [
    inspect(value, { depth: 12, showHidden: true }),
    String(value),
    JSON.stringify(value),
    (value as Error).stack,
    (value as Error).message,
  ].join('\n');

describe('the secrets of a line', () => {
  test('are the key, with its scheme and without', async () => {
    expect((await lineWith({ apiKey })).line.secrets).toEqual([`Bearer ${apiKey}`, apiKey]);
  });

  test('are none where nothing secret was sent', async () => {
    const headers = { 'User-Agent': 'a-long-user-agent', 'X-Deployment': 'production', 'X-Author': 'Somebody Else' };
    expect((await lineWith({ ws: { headers }, query: '?team=seventeen' })).line.secrets).toEqual([]);
  });

  test('are no words that are shorter than eight characters', async () => {
    expect((await lineWith({ apiKey: 'k' })).line.secrets).toEqual([]);
  });

  test.each<[string, Asked, readonly string[]]>([
    ['the header of a gateway', { ws: { headers: { 'X-Gateway-Key': 'gateway-1' } } }, ['gateway-1']],
    [
      'a header that is given twice',
      { ws: { headers: { 'Api-Key': ['first-key', 'other-key'] as never } } },
      ['other-key'],
    ],
    [
      'a user and a password',
      { ws: { auth: 'user:pa:ssword' } as ClientOptions },
      ['user:pa:ssword', 'pa:ssword', 'dXNlcjpwYTpzc3dvcmQ='],
    ],
    ['a cookie', { ws: { headers: { Cookie: 'a=1; session=c00k1es3cret' } } }, ['c00k1es3cret']],
    ['a parameter of the address', { query: '?api-key=in-the-address' }, ['in-the-address']],
    [
      'a subprotocol',
      { ws: { headers: { 'Sec-WebSocket-Protocol': 'realtime, openai-insecure-api-key.ek_1.2345678' } } },
      ['ek_1.2345678'],
    ],
    [
      'a function that finishes the request',
      {
        ws: {
          finishRequest: (request) =>
            setImmediate(() => request.setHeader('Authorization', 'Bearer fetched-token').end()),
        },
      },
      ['fetched-token'],
    ],
  ])('are found in %s', async (_, asked, secrets) => {
    const { ws } = asked;
    const protocol = ws?.headers && 'Sec-WebSocket-Protocol' in ws.headers;
    const { line } = await (protocol ? lineWithProtocol(asked) : lineWith(asked));
    expect(line.secrets).toEqual(expect.arrayContaining([...secrets]));
  });
});

/** The package takes subprotocols as an option of its constructor too. */
async function lineWithProtocol({ ws }: Asked) {
  const { 'Sec-WebSocket-Protocol': protocols } = ws?.headers as Record<string, string>;
  return lineWith({ ws: { protocols: protocols?.split(', ') } as ClientOptions });
}

describe('a key that looks like nothing', () => {
  test.each([1000, 1008, 3000])('is not in the reason of a close with %i', async (code) => {
    const { ears, peer } = await lineWith({ apiKey });
    peer.close(code, `key ${apiKey} was revoked`);
    expect(await ears.ended()).toEqual({ code, reason: 'key [hidden] was revoked' });
  });

  test('is not in a reason in which it was cut off', async () => {
    const long = 'S3cret'.repeat(50);
    const { ears, peer } = await lineWith({ apiKey: long });
    peer.close(1008, `No such key: ${long}`.slice(0, 123));
    expect((await ears.ended()).reason).toBe('No such key: [hidden]');
  });

  test('is not in a reason that is an error of the connection’s', async () => {
    const { ears, peer } = await lineWith({ apiKey, ws: { maxPayload: 10 } });
    peer.on('error', () => undefined);
    peer.send('x'.repeat(11));
    expect((await ears.ended()).reason).not.toBe('');
  });

  test('is in no part of a refusal at the upgrade', async () => {
    const server = await refusing((_, response) => {
      const message = `${'long '.repeat(58)}${apiKey} ${encodeURIComponent(`Bearer ${apiKey}`)}`;
      response.writeHead(401).end(JSON.stringify({ error: { code: `bad_${apiKey}`, message } }));
    });
    onTestFinished(server.stop);
    const error: unknown = await wsTransport({ model: 'm', url: server.url, apiKey })
      .open(listening(), never)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: { kind: 'refused', code: 'bad_[hidden]' } });
    expect(everythingOf(error)).not.toContain(apiKey.slice(0, 8));
  });

  test('is in no part of a failure below, however deep it stands', async () => {
    const createConnection = (options: unknown): never => {
      const inner = Object.assign(new Error(`inner ${apiKey}`), { request: options, note: `note ${apiKey}` });
      const several = new AggregateError([inner, new Error(`other ${apiKey}`)], `several ${apiKey}`);
      const hidden = { value: { headers: { authorization: `Bearer ${apiKey}` } }, enumerable: false };
      throw Object.defineProperty(
        Object.assign(new Error(`outer ${apiKey}`, { cause: several }), { code: `E${apiKey}`, [apiKey]: 1, options }),
        'hidden',
        hidden,
      );
    };
    const error: unknown = await wsTransport({ model: 'm', url: 'ws://127.0.0.1:1/', apiKey, ws: { createConnection } })
      .open(listening(), never)
      .catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('outer [hidden]');
    expect(everythingOf(error)).not.toContain(apiKey);
    expect(inspect(error, { depth: 12 })).toContain('inner [hidden]');
    expect(inspect(error, { depth: 12 })).toContain('note [hidden]');
  });

  test('is in no cause that goes in circles', () => {
    const error = new Error(`round ${apiKey}`);
    error.cause = error;
    expect(everythingOf(cleanCause(error, [apiKey]))).not.toContain(apiKey);
  });

  test('leaves the code, the place and the numbers of a failure', () => {
    const failure = Object.assign(new TypeError('no'), { code: 'ENOWHERE', errno: -7, syscall: 'connect' });
    const copy = cleanCause(failure, [apiKey]);
    expect(copy).toMatchObject({ name: 'TypeError', message: 'no', code: 'ENOWHERE', errno: -7, syscall: 'connect' });
    expect(copy.stack).toBe(failure.stack);
  });
});
