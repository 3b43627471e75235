import { createRequire } from 'node:module';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import type { ClientOptions } from 'ws';
import { WebSocket } from 'ws';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import type { WsTarget } from '../../src/transport/ws/address.js';
import { installed } from '../../src/transport/ws/packages.js';
import type { Packages, SdkBuild } from '../../src/transport/ws/packages.js';
import { wsTransport } from '../../src/transport/ws.js';
import { listening } from './listening.js';
import { loopback, refusing } from './servers.js';

const never = new AbortController().signal;
const model = { model: 'gpt-realtime' };
const call = { callId: 'rtc_123' };

/** Replaces the encrypted connection, on which the SDK insists, by a plain one to the test's own server. */
const plainly = (port: number): ClientOptions => ({ createConnection: () => connect(port, '127.0.0.1') });

async function knockOf(client: unknown, target: WsTarget, packages: Packages, ws: ClientOptions = {}) {
  const server = await loopback();
  onTestFinished(server.stop);
  const transport = wsTransport(
    { ...target, client: client as never, ws: { ...plainly(server.port), ...ws } },
    packages,
  );
  const ears = listening();
  const line = await transport.open(ears, never);
  const socket = await server.accepted();
  socket.send('{"type":"error","error":{"message":"the SDK would reject a promise over this"}}');
  await ears.frames(1);
  line.close(1000, '');
  await ears.ended();
  const [knock] = server.knocks;
  const url = new URL(knock?.url ?? '', 'wss://host');
  return { path: url.pathname, query: Object.fromEntries(url.searchParams), headers: knock?.headers ?? {} };
}

const sixth: Packages = {
  ...installed,
  sdkBuilds: [
    async () => {
      const { OpenAI } = await import('openai-6');
      const { OpenAIRealtimeWS } = await import('openai-6/realtime/ws');
      return { OpenAI, OpenAIRealtimeWS } as unknown as SdkBuild;
    },
  ],
};

const seven = await import('openai');
const six = (await import('openai-6')) as unknown as typeof seven;
const versions = [
  { version: 7, sdk: seven, packages: installed },
  { version: 6, sdk: six, packages: sixth },
] as const;

describe.each(versions)('through the client of openai $version', ({ sdk, packages }) => {
  const { OpenAI, AzureOpenAI } = sdk;
  const azure = { endpoint: 'https://house.openai.azure.com', apiVersion: '2025-08-28', deployment: 'voice' };

  test('its address and its key are used', async () => {
    const client = new OpenAI({ apiKey: 'sk-static', baseURL: 'https://gateway.example/openai/v1' });
    const { path, query, headers } = await knockOf(client, model, packages);
    expect({ path, query }).toEqual({ path: '/openai/v1/realtime', query: { model: 'gpt-realtime' } });
    expect(headers).toMatchObject({ host: 'gateway.example', authorization: 'Bearer sk-static' });
  });

  test('a call is attached to', async () => {
    const { path, query } = await knockOf(new OpenAI({ apiKey: 'sk-static' }), call, packages);
    expect({ path, query }).toEqual({ path: '/v1/realtime', query: { call_id: 'rtc_123' } });
  });

  test('headers can be added', async () => {
    const client = new OpenAI({ apiKey: 'sk-static' });
    const { headers } = await knockOf(client, model, packages, { headers: { 'X-Team': '7' } });
    expect(headers).toMatchObject({ 'x-team': '7', authorization: 'Bearer sk-static' });
  });

  test('a key function is asked for each connection', async () => {
    let asked = 0;
    const client = new OpenAI({ apiKey: () => Promise.resolve(`sk-fresh-${++asked}`) });
    expect((await knockOf(client, model, packages)).headers.authorization).toBe('Bearer sk-fresh-1');
    expect((await knockOf(client, model, packages)).headers.authorization).toBe('Bearer sk-fresh-2');
  });

  test('an Azure key goes where Azure looks for it', async () => {
    const { path, query, headers } = await knockOf(new AzureOpenAI({ ...azure, apiKey: 'azure-key' }), model, packages);
    expect({ path, query }).toEqual({ path: '/openai/v1/realtime', query: { model: 'gpt-realtime' } });
    expect(headers).toMatchObject({ host: 'house.openai.azure.com', 'api-key': 'azure-key' });
    expect(headers.authorization).toBeUndefined();
  });

  test('an Entra token goes as a bearer’s', async () => {
    const client = new AzureOpenAI({ ...azure, azureADTokenProvider: () => Promise.resolve('entra-token') });
    const { path, query, headers } = await knockOf(client, model, packages);
    expect({ path, query }).toEqual({ path: '/openai/v1/realtime', query: { model: 'gpt-realtime' } });
    expect(headers.authorization).toBe('Bearer entra-token');
    expect(headers['api-key']).toBeUndefined();
  });

  test.each([
    ['https://house.openai.azure.com/openai', '/openai/v1/realtime'],
    ['https://house.openai.azure.com/openai/', '/openai/v1/realtime'],
    ['https://house.openai.azure.com/openai/v1', '/openai/v1/realtime'],
    ['https://gateway.example/azure/openai/v1/', '/azure/openai/v1/realtime'],
  ])('an Azure client’s own base is kept: %s', async (baseURL, path) => {
    const client = new AzureOpenAI({ baseURL, apiVersion: '2025-08-28', apiKey: 'azure-key' });
    const deployment = { model: 'voice & sound' };
    expect(await knockOf(client, deployment, packages)).toMatchObject({ path, query: deployment });
  });

  test('a function of the options still finishes the request', async () => {
    const client = new AzureOpenAI({ ...azure, apiKey: 'azure-key' });
    const finishRequest: ClientOptions['finishRequest'] = (request) => request.setHeader('X-Team', '7').end();
    const { path, headers } = await knockOf(client, model, packages, { finishRequest });
    expect(path).toBe('/openai/v1/realtime');
    expect(headers).toMatchObject({ 'x-team': '7', 'api-key': 'azure-key' });
  });

  test.each([
    ['a key', () => new OpenAI({ apiKey: 'static-key' }), ['Bearer static-key', 'static-key']],
    [
      'the key that a function gave',
      () => new OpenAI({ apiKey: async () => 'fresh-key' }),
      ['Bearer fresh-key', 'fresh-key'],
    ],
    ['an Azure key', () => new AzureOpenAI({ ...azure, apiKey: 'azure-key' }), ['azure-key']],
    [
      'an Entra token',
      () => new AzureOpenAI({ ...azure, azureADTokenProvider: async () => 'entra-token' }),
      ['Bearer entra-token', 'entra-token'],
    ],
  ])('the secrets of the line are those that opened it: %s', async (_, client, secrets) => {
    const server = await loopback();
    onTestFinished(server.stop);
    const ws = { ...plainly(server.port), headers: { 'X-Gateway-Key': 'gateway-key' } };
    const line = await wsTransport({ ...model, client: client(), ws }, packages).open(listening(), never);
    expect(new Set(line.secrets)).toEqual(new Set([...secrets, 'gateway-key']));
  });

  test('a call on Azure is attached to', async () => {
    const { path, query } = await knockOf(new AzureOpenAI({ ...azure, apiKey: 'azure-key' }), call, packages);
    expect({ path, query }).toEqual({ path: '/openai/v1/realtime', query: { call_id: 'rtc_123' } });
  });

  test('a refusal is a refusal, and its key is not quoted', async () => {
    const server = await refusing(({ headers }, response) => {
      const message = `Incorrect API key: ${String(headers.authorization)}`;
      response.writeHead(401).end(JSON.stringify({ error: { code: 'invalid_api_key', message } }));
    });
    onTestFinished(server.stop);
    const client = new OpenAI({ apiKey: 'S3CRET-S3CRET' });
    const transport = wsTransport({ ...model, client: client, ws: plainly(server.port) }, packages);
    const error: unknown = await transport.open(listening(), never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: { kind: 'refused', status: 401, code: 'invalid_api_key' } });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('S3CRET');
  });

  test('an agent that throws is a server that could not be reached, and quotes no key', async () => {
    const agent = Object.assign(new Agent(), {
      createConnection() {
        throw new Error('the proxy is down, S3CRET-S3CRET');
      },
    });
    const client = new OpenAI({ apiKey: 'S3CRET-S3CRET' });
    const error: unknown = await wsTransport({ ...model, client: client, ws: { agent } }, packages)
      .open(listening(), never)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: { kind: 'unreachable' } });
    expect((error as Error).message).toContain('the proxy is down, [hidden]');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('S3CRET');
  });

  test('a key function that fails is a connection that failed, and quotes no key', async () => {
    const client = new OpenAI({ apiKey: () => Promise.reject(new Error('vault is sealed, Bearer S3CRET')) });
    const error: unknown = await wsTransport({ ...model, client: client }, packages)
      .open(listening(), never)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: { kind: 'unreachable' } });
    expect((error as Error).message).toContain('vault is sealed');
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('S3CRET');
  });

  test('a key that no header can carry is not quoted', async () => {
    const client = new OpenAI({ apiKey: () => Promise.resolve('S3CRET\nS3CRET') });
    const error: unknown = await wsTransport({ ...model, client: client }, packages)
      .open(listening(), never)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('S3CRET');
  });

  test('nothing is opened when it is aborted while the key is awaited', async () => {
    const server = await loopback();
    onTestFinished(server.stop);
    const { promise, resolve } = deferred<string>();
    const client = new OpenAI({ apiKey: () => promise });
    const transport = wsTransport({ ...model, client: client, ws: plainly(server.port) }, packages);
    const controller = new AbortController();
    const opening = transport.open(listening(), controller.signal);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    const terminated = vi.spyOn(WebSocket.prototype, 'terminate');
    resolve('sk-late');
    await vi.waitFor(() => expect(terminated).toHaveBeenCalledOnce());
    terminated.mockRestore();
    expect(server.knocks).toEqual([]);
  });
});

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}

describe('a client of another build', () => {
  const require = createRequire(import.meta.url);
  const azure = { endpoint: 'https://house.openai.azure.com', apiVersion: '2025-08-28', apiKey: 'azure-key' };

  test('of the same package, by require, is itself used', async () => {
    const { AzureOpenAI } = require('openai') as typeof seven;
    expect(new AzureOpenAI(azure)).not.toBeInstanceOf(seven.OpenAI);
    const { headers } = await knockOf(new AzureOpenAI(azure), model, installed);
    expect(headers['api-key']).toBe('azure-key');
  });

  test('of another copy works if it is a plain one', async () => {
    const old = new six.OpenAI({ apiKey: 'sk-static' });
    expect((await knockOf(old, model, installed)).headers.authorization).toBe('Bearer sk-static');
    const young = new seven.OpenAI({ apiKey: 'sk-static' });
    expect((await knockOf(young, model, sixth)).headers.authorization).toBe('Bearer sk-static');
  });

  test('of another copy is refused on Azure: its key would go as something else', async () => {
    const transport = wsTransport({ ...model, client: new six.AzureOpenAI(azure) }, installed);
    await expect(transport.open(listening(), never)).rejects.toThrow(/another copy/);
    await expect(transport.open(listening(), never)).rejects.toBeInstanceOf(MisuseError);
  });
});

test('a version of the SDK that knows no calls is found out before anything is sent', async () => {
  const server = await loopback();
  onTestFinished(server.stop);
  const early = {
    create: (_: unknown, { options }: { options: ClientOptions }) =>
      Promise.resolve({ socket: new WebSocket('wss://api.openai.com/v1/realtime?model=undefined', options) }),
  };
  const build = { OpenAI: seven.OpenAI, OpenAIRealtimeWS: early } as unknown as SdkBuild;
  const packages = { ...installed, sdkBuilds: [() => Promise.resolve(build)] };
  const client = new seven.OpenAI({ apiKey: 'sk-static' });
  const transport = wsTransport({ ...call, client, ws: plainly(server.port) }, packages);
  await expect(transport.open(listening(), never)).rejects.toThrow(/cannot attach to a call.*npm install openai/);
  expect(server.knocks).toEqual([]);
});
