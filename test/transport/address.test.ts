import { Agent } from 'node:https';
import { Duplex } from 'node:stream';
import { OpenAI } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { wsTransport, type WsOptions } from '../../src/transport/ws.js';
import { addressOf, type DirectAddress } from '../../src/transport/ws/address.js';

const direct = (options: WsOptions): DirectAddress => addressOf(options) as DirectAddress;
const apiKey = 'sk-test-1234567890';

const read = ['OPENAI_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'OPENAI_BASE_URL', 'OPENAI_CUSTOM_HEADERS'];

beforeEach(() => {
  for (const name of read) vi.stubEnv(name, undefined);
});
/** An agent that opens no connection. */
const nowhere = Object.assign(new Agent(), {
  createConnection: () => new Duplex({ read: () => undefined, write: (_chunk, _encoding, written) => written() }),
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the address', () => {
  test('is OpenAI’s, with the model', () => {
    expect(direct({ model: 'gpt-realtime-2.1', apiKey }).url.href).toBe(
      'wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1',
    );
  });

  test('is OpenAI’s, with the call', () => {
    expect(direct({ callId: 'rtc_123', apiKey }).url.href).toBe('wss://api.openai.com/v1/realtime?call_id=rtc_123');
  });

  test('may be another, and keeps its own parameters', () => {
    const { url } = direct({ model: 'a b', apiKey, url: 'wss://gateway.example/openai?team=7#top' });
    expect(url.href).toBe('wss://gateway.example/openai?team=7&model=a+b');
  });

  test.each([
    'ws://127.0.0.1:8080/',
    'ws://127.9.9.9/',
    'ws://127.1/',
    'ws://localhost:1/v1/realtime',
    'ws://[::1]:8080/',
  ])('may be in clear text on this machine: %s', (url) => {
    expect(direct({ model: 'm', url }).url.protocol).toBe('ws:');
  });

  test.each([
    'ws://api.openai.com/v1/realtime',
    'ws://127.0.0.1.example.com/',
    'ws://localhost.example.com/',
    'ws://10.0.0.1/',
    'ws://0.0.0.0/',
    'ws://[::ffff:127.0.0.1]/',
    'ws://localhost./',
    'http://127.0.0.1/',
    'https://api.openai.com/v1/realtime',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
  ])('is refused where it would be in clear text beyond this machine, or no WebSocket: %s', (url) => {
    expect(() => wsTransport({ model: 'm', apiKey, url })).toThrow(MisuseError);
    expect(() => wsTransport({ model: 'm', apiKey, url })).toThrow(/must be wss:/);
  });

  test.each(['wss://user:s3cret@host/', 'wss://s3cret@host/', 'ws://:s3cret@127.0.0.1/', 'wss://host:s3cret/'])(
    'is refused where it carries credentials or is no address, and not quoted: %s',
    (url) => {
      expect(() => wsTransport({ model: 'm', apiKey, url })).toThrow(MisuseError);
      expect(() => wsTransport({ model: 'm', apiKey, url })).not.toThrow(/s3cret/);
    },
  );

  test.each([{}, { model: '' }, { callId: '' }, { model: 'm', callId: 'rtc_1' }])(
    'needs exactly one of model and call: %j',
    (target) => {
      expect(() => wsTransport({ ...(target as { model: string }), apiKey })).toThrow(/exactly one/);
    },
  );
});

describe('Azure', () => {
  const url = 'wss://house.openai.azure.com/openai/v1/realtime';

  test.each([
    url,
    'wss://house.cognitiveservices.azure.com/openai/v1/realtime',
    'wss://house.services.ai.azure.com/openai/v1/realtime',
  ])('is known by its host, and gets the key where it looks for it: %s', (address) => {
    const { ws, url: asked } = direct({ model: 'our voice', url: address, apiKey });
    expect(ws.headers).toEqual({ 'api-key': apiKey });
    expect(asked.href).toBe(`${address}?model=our+voice`);
  });

  test('is meant where an option says so, behind a gateway', () => {
    const { ws } = direct({ model: 'm', url: 'wss://gateway.example/openai/v1/realtime', apiKey, dialect: 'azure' });
    expect(ws.headers).toEqual({ 'api-key': apiKey });
  });

  test('is not meant where an option says so', () => {
    expect(direct({ model: 'm', url, apiKey, dialect: 'openai' }).ws.headers).toEqual({
      Authorization: `Bearer ${apiKey}`,
    });
  });

  test.each([
    'wss://house.openai.azure.com/openai/realtime',
    'wss://house.openai.azure.com/openai/realtime?api-version=2024-10-01-preview&deployment=m',
    `${url}?api-version=2025-08-28`,
  ])('is refused where its address takes no session of today: %s', (address) => {
    expect(() => wsTransport({ model: 'm', apiKey, url: address })).toThrow(MisuseError);
    expect(() => wsTransport({ model: 'm', apiKey, url: address })).toThrow(
      /\/openai\/v1\/realtime, without api-version/,
    );
  });

  test('is one of two dialects', () => {
    expect(() => wsTransport({ model: 'm', apiKey, url, dialect: 'aws' as 'azure' })).toThrow(/'openai' or 'azure'/);
    expect(() => wsTransport({ model: 'm', client: {}, dialect: 'azure' } as never)).toThrow(/not both/);
  });
});

describe('a session of another kind', () => {
  test('is refused in words: it has no responses', () => {
    const url = 'wss://api.openai.com/v1/realtime?intent=transcription';
    expect(() => wsTransport({ model: 'm', apiKey, url })).toThrow(MisuseError);
    expect(() => wsTransport({ model: 'm', apiKey, url })).toThrow(/A transcription session has no responses/);
  });
});

describe('the credentials', () => {
  test('are the key that is given', () => {
    expect(direct({ model: 'm', apiKey }).ws.headers).toEqual({ Authorization: `Bearer ${apiKey}` });
  });

  test('are the environment’s where none is given', () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-from-environment');
    vi.stubEnv('OPENAI_ORG_ID', 'org-1');
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-1');
    expect(direct({ model: 'm' }).ws.headers).toEqual({
      Authorization: 'Bearer sk-from-environment',
      'OpenAI-Organization': 'org-1',
      'OpenAI-Project': 'proj-1',
    });
    expect(direct({ model: 'm', apiKey, organization: 'org-2', project: 'proj-2' }).ws.headers).toEqual({
      Authorization: `Bearer ${apiKey}`,
      'OpenAI-Organization': 'org-2',
      'OpenAI-Project': 'proj-2',
    });
  });

  test('of the environment are not sent in clear text, not even to this machine', () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-from-environment');
    vi.stubEnv('OPENAI_ORG_ID', 'org-1');
    expect(direct({ model: 'm', url: 'ws://127.0.0.1/' }).ws.headers).toEqual({});
    expect(direct({ model: 'm', url: 'ws://127.0.0.1/', apiKey }).ws.headers).toEqual({
      Authorization: `Bearer ${apiKey}`,
    });
  });

  test('are missed before anything is opened', () => {
    expect(() => wsTransport({ model: 'm' })).toThrow(/OPENAI_API_KEY/);
    expect(() => wsTransport({ model: 'm', apiKey: '' })).toThrow(MisuseError);
  });

  test('are not quoted when no header can carry them', () => {
    const broken = `${apiKey}\n`;
    expect(() => wsTransport({ model: 'm', apiKey: broken })).toThrow(/line break/);
    expect(() => wsTransport({ model: 'm', apiKey: broken })).not.toThrow(apiKey);
  });

  test('do not go with a client, which has its own', () => {
    const both = { model: 'm', client: {}, apiKey } as never;
    expect(() => wsTransport(both)).toThrow(/not both/);
    expect(() => wsTransport({ model: 'm', client: {}, url: 'wss://host/' } as never)).toThrow(MisuseError);
  });
});

describe('the environment', () => {
  const gateway = 'https://voice-gateway.example/v1';

  beforeEach(() => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-from-environment');
  });

  test.each([
    gateway,
    `${gateway}/`,
    ` ${gateway}\n`,
    'https://voice-gateway.example',
    'https://voice-gateway.example:8443/a/b/v1',
    'https://voice-gateway.example/v1?team=7&model=other#top',
    'wss://voice-gateway.example/v1',
    'HTTPS://Voice-Gateway.Example/v1',
    '',
    '  ',
  ])('leads where the SDK goes: "%s"', (base) => {
    vi.stubEnv('OPENAI_BASE_URL', base);
    const { url } = new OpenAIRealtimeWS({ model: 'm', options: { agent: nowhere } }, new OpenAI());
    expect(direct({ model: 'm' }).url.href).toBe(url.href);
    expect(direct({ callId: 'rtc_1' }).url.search).toMatch(/[?&]call_id=rtc_1$/);
  });

  test('may lead to this machine in clear text, with its own key', () => {
    vi.stubEnv('OPENAI_BASE_URL', 'http://localhost:4000/v1');
    const { url, ws } = direct({ model: 'm' });
    expect(url.href).toBe('ws://localhost:4000/v1/realtime?model=m');
    expect(ws.headers).toEqual({ Authorization: 'Bearer sk-from-environment' });
  });

  test.each(['http://gateway.example/v1', 'ws://gateway.example/v1', 'ftp://gateway.example/', 'gateway.example/v1'])(
    'is refused by name where it leads into clear text or nowhere, and is not quoted: %s',
    (base) => {
      vi.stubEnv('OPENAI_BASE_URL', base);
      expect(() => wsTransport({ model: 'm' })).toThrow(MisuseError);
      expect(() => wsTransport({ model: 'm' })).toThrow(/^OPENAI_BASE_URL .*https:/);
      expect(() => wsTransport({ model: 'm' })).not.toThrow(/gateway/);
    },
  );

  test('is refused where its address carries credentials', () => {
    vi.stubEnv('OPENAI_BASE_URL', 'https://user:s3cret@gateway.example/v1');
    expect(() => wsTransport({ model: 'm' })).toThrow(/^OPENAI_BASE_URL carries credentials/);
  });

  test.each([
    [undefined, 'wss://gateway.example/v1/realtime'],
    [undefined, 'wss://api.openai.com.example/v1/realtime'],
    [undefined, 'wss://myapi.openai.com/v1/realtime'],
    [undefined, 'wss://api.openai.com:8443/v1/realtime'],
    [gateway, 'wss://api.openai.com/v1/realtime'],
    [gateway, 'wss://voice-gateway.example:8443/v1/realtime'],
    ['no address', 'wss://api.openai.com/v1/realtime'],
  ])('keeps its credentials for its own address: with the base %s, not to %s', (base, url) => {
    vi.stubEnv('OPENAI_BASE_URL', base);
    vi.stubEnv('OPENAI_ORG_ID', 'org-1');
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'X-Team: 7');
    expect(() => wsTransport({ model: 'm', url })).toThrow(/no API key for this address/);
    expect(direct({ model: 'm', url, apiKey }).ws.headers).toEqual({ Authorization: `Bearer ${apiKey}` });
  });

  test.each([
    [undefined, 'wss://api.openai.com/v1/realtime'],
    [undefined, 'wss://eu.api.openai.com/v1/realtime'],
    [gateway, 'wss://voice-gateway.example/another/path'],
  ])('gives its key to its own address, though that is written out: with the base %s, to %s', (base, url) => {
    vi.stubEnv('OPENAI_BASE_URL', base);
    expect(direct({ model: 'm', url }).ws.headers).toEqual({ Authorization: 'Bearer sk-from-environment' });
  });

  test('is read without the spaces around it, and blank is absent', () => {
    vi.stubEnv('OPENAI_API_KEY', ' sk-from-environment\n');
    vi.stubEnv('OPENAI_ORG_ID', '  ');
    expect(direct({ model: 'm' }).ws.headers).toEqual({ Authorization: 'Bearer sk-from-environment' });
  });

  test('adds its headers as the SDK does: over ours, under those of the options', () => {
    const lines = 'X-Team: 7\nno header\nAuthorization: Bearer of-the-gateway\nX-Time: 12:30';
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', lines);
    expect(direct({ model: 'm', ws: { headers: { 'X-Team': '8' } } }).ws.headers).toEqual({
      Authorization: 'Bearer of-the-gateway',
      'X-Team': '8',
      'X-Time': '12:30',
    });
  });
});

describe('the socket’s options', () => {
  test('allow large frames, and no compression', () => {
    expect(direct({ model: 'm', apiKey }).ws).toMatchObject({ maxPayload: 33_554_432, perMessageDeflate: false });
  });

  test('can be changed, and headers added', () => {
    const { ws } = direct({ model: 'm', apiKey, ws: { maxPayload: 5, headers: { 'X-Team': '7' } } });
    expect(ws).toMatchObject({ maxPayload: 5, headers: { Authorization: `Bearer ${apiKey}`, 'X-Team': '7' } });
  });

  test('never let redirects be followed', () => {
    expect(direct({ model: 'm', apiKey, ws: { followRedirects: true } }).ws.followRedirects).toBe(false);
  });
});
