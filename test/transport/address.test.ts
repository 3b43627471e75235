import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { wsTransport, type WsOptions } from '../../src/transport/ws.js';
import { addressOf, type DirectAddress } from '../../src/transport/ws/address.js';

const direct = (options: WsOptions): DirectAddress => addressOf(options) as DirectAddress;
const apiKey = 'sk-test-1234567890';

beforeEach(() => {
  for (const name of ['OPENAI_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID']) vi.stubEnv(name, undefined);
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
