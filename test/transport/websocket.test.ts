import type { RequestListener } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ConnectError, MisuseError } from '../../src/errors.js';
import { webSocketTransport, type WebSocketOptions } from '../../src/transport/websocket.js';
import {
  platformIn,
  type Platform,
  type PlatformSocket,
  type SocketEvent,
} from '../../src/transport/websocket/platform.js';
import { connect } from '../../src/websocket.js';
import { listening } from './listening.js';
import { loopback, refusing } from './servers.js';
import { stalling } from './stalling.js';

const never = new AbortController().signal;
const ephemeral = 'ek_S3CRETS3CRETS3CRET';
const lasting = 'sk-proj-S3CRETS3CRETS3CRET';

const server: Platform = { WebSocket, kind: 'own' };
const browser: Platform = { WebSocket, kind: 'browser' };

const transport = (options: Partial<WebSocketOptions>, platform = server) =>
  webSocketTransport({ model: 'm', ...options } as WebSocketOptions, platform);

const failure = async (opening: Promise<unknown>): Promise<Error> => {
  const error: unknown = await opening.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  return error as Error;
};

/** A socket that only notes what it was made with. */
function noting() {
  const made: { url: string; protocols: string[] | undefined }[] = [];
  class Noting implements PlatformSocket {
    readonly readyState = 0;
    binaryType = 'blob';
    constructor(url: string, protocols?: string[]) {
      made.push({ url, protocols });
    }
    send(): void {}
    close(): void {}
    addEventListener(type: string, listener: (event: SocketEvent) => void): void {
      if (type === 'open') listener({ type });
    }
  }
  return { made, WebSocket: Noting };
}

async function dialledWith(options: Partial<WebSocketOptions>, platform: Platform['kind'] = 'own') {
  const { made, WebSocket: Noting } = noting();
  await transport(options, { WebSocket: Noting, kind: platform }).open(listening(), never);
  return made[0]!;
}

describe('what a platform’s WebSocket is made with', () => {
  test('is OpenAI’s address and the key as a subprotocol, beside the one that is spoken', async () => {
    expect(await dialledWith({ apiKey: ephemeral }, 'browser')).toEqual({
      url: 'wss://api.openai.com/v1/realtime?model=m',
      protocols: ['realtime', `openai-insecure-api-key.${ephemeral}`],
    });
  });

  test('names a call, the organization and the project, and what else is to be offered', async () => {
    const options = { model: undefined, callId: 'rtc_1', apiKey: lasting, organization: 'org-1', project: 'proj_1' };
    expect(await dialledWith({ ...options, protocols: ['mine'] })).toEqual({
      url: 'wss://api.openai.com/v1/realtime?call_id=rtc_1',
      protocols: [
        'realtime',
        `openai-insecure-api-key.${lasting}`,
        'openai-organization.org-1',
        'openai-project.proj_1',
        'mine',
      ],
    });
  });

  test('is an address alone where a server of your own has the key', async () => {
    expect(await dialledWith({ url: 'wss://house.example/voice?team=7' }, 'browser')).toEqual({
      url: 'wss://house.example/voice?team=7&model=m',
      protocols: [],
    });
  });

  test('is a key that is fetched anew for every connection', async () => {
    const { made, WebSocket: Noting } = noting();
    let asked = 0;
    const apiKey = async (): Promise<string> => `ek_fresh${++asked}`;
    const fetching = transport({ apiKey }, { WebSocket: Noting, kind: 'browser' });
    await fetching.open(listening(), never);
    await fetching.open(listening(), never);
    expect(made.map(({ protocols }) => protocols?.[1])).toEqual([
      'openai-insecure-api-key.ek_fresh1',
      'openai-insecure-api-key.ek_fresh2',
    ]);
  });
});

describe('an API key that lasts', () => {
  test('is refused in a browser, with what to do instead, and is not quoted', () => {
    expect(() => transport({ apiKey: lasting }, browser)).toThrow(MisuseError);
    expect(() => transport({ apiKey: lasting }, browser)).toThrow(
      /^An API key \(sk-…\) does not belong into a browser: .*ephemeral key \(ek_…\) by POST \/v1\/realtime\/client_secrets/,
    );
    expect(() => transport({ apiKey: lasting }, browser)).not.toThrow(/S3CRET/);
  });

  test('is refused in a browser though a function gives it, and nothing is opened', async () => {
    const { made, WebSocket: Noting } = noting();
    const opening = transport({ apiKey: () => lasting }, { WebSocket: Noting, kind: 'browser' }).open(
      listening(),
      never,
    );
    await expect(opening).rejects.toBeInstanceOf(MisuseError);
    expect(made).toEqual([]);
  });

  test('is taken on a server', async () => {
    expect((await dialledWith({ apiKey: lasting })).protocols).toContain(`openai-insecure-api-key.${lasting}`);
  });
});

describe('a browser', () => {
  test.each([
    ['a page', { document: {} }],
    ['a worker of a page', { WorkerGlobalScope: noting }],
  ])('is %s', (_, scope) => {
    expect(platformIn(scope).kind).toBe('browser');
  });

  test.each([
    ['Node', { process: { versions: { node: '22.0.0' } } }],
    ['Node that plays a page in a test', { document: {}, process: { versions: { node: '22.0.0' } } }],
    ['Deno', { Deno: {} }],
    ['a worker of Deno', { Deno: {}, WorkerGlobalScope: noting }],
    ['Bun', { Bun: {} }],
    ['Workers', { WebSocketPair: noting, WorkerGlobalScope: noting }],
    ['an edge function', { EdgeRuntime: 'edge' }],
    ['anything unknown', {}],
  ])('is not %s', (_, scope) => {
    expect(platformIn(scope).kind).toBe('own');
  });

  test('is not Workers, whose marks are not enumerable', () => {
    const scope = { WorkerGlobalScope: noting };
    expect(platformIn(Object.defineProperty(scope, 'WebSocketPair', { value: noting })).kind).toBe('own');
  });
});

describe('options that do not fit', () => {
  test.each<[string, Partial<WebSocketOptions>, RegExp]>([
    ['no key for OpenAI', {}, /Give `apiKey`/],
    ['an empty key', { apiKey: '' }, /Give `apiKey`/],
    ['a key that no subprotocol can carry', { apiKey: `${ephemeral}\n` }, /The key has a character/],
    ['a subprotocol that is none', { apiKey: ephemeral, protocols: ['a b'] }, /A subprotocol has a character/],
    ['a project that is none', { apiKey: ephemeral, project: 'my project' }, /A subprotocol has a character/],
    ['clear text', { apiKey: ephemeral, url: 'ws://house.example/' }, /must be wss:/],
    [
      'Azure, which takes a key by a header alone',
      { apiKey: ephemeral, url: 'wss://house.openai.azure.com/openai/v1/realtime' },
      /Azure takes its key by a header, which no WebSocket of a browser can send/,
    ],
    [
      'a transcription session',
      { apiKey: ephemeral, url: 'wss://api.openai.com/v1/realtime?intent=transcription' },
      /A transcription session has no responses/,
    ],
    ['neither model nor call', { apiKey: ephemeral, model: '' }, /exactly one/],
    ['both', { apiKey: ephemeral, callId: 'rtc_1' }, /exactly one/],
  ])('are refused before anything is opened: %s', (_, options, words) => {
    expect(() => transport(options)).toThrow(MisuseError);
    expect(() => transport(options)).toThrow(words);
    expect(() => transport(options)).not.toThrow(/S3CRET/);
  });

  test('are refused by name where there is no such option, as are those of /ws', async () => {
    const options = { model: 'm', apiKey: ephemeral, headers: { authorization: 'x' } };
    await expect(connect(options)).rejects.toThrow(/connect\(\) has no option 'headers'/);
  });

  test('are a platform without WebSocket, which is told from which Node on there is one', () => {
    const none: Platform = { WebSocket: undefined, kind: 'own' };
    expect(() => transport({ apiKey: ephemeral }, none)).toThrow(/no WebSocket.*Node has one since version 22/);
  });

  test('are what the platform itself refuses', async () => {
    const refuses = function () {
      throw new SyntaxError(`The subprotocol 'openai-insecure-api-key.${ephemeral}' is invalid`);
    } as never;
    const error = await failure(transport({ apiKey: ephemeral, WebSocket: refuses }).open(listening(), never));
    expect(error).toBeInstanceOf(MisuseError);
    expect(error.message).toMatch(/The platform refuses/);
    expect(error.message).not.toContain('S3CRET');
  });
});

describe('a function that gives the key', () => {
  test.each([undefined, '', 7])('is a mistake where it gives none: %j', async (given) => {
    const error = await failure(transport({ apiKey: () => given as string }).open(listening(), never));
    expect(error).toBeInstanceOf(MisuseError);
    expect(error.message).toMatch(/it gave none/);
  });

  test('that fails is a server that could not be reached, in its own words', async () => {
    const apiKey = async (): Promise<string> => Promise.reject(new Error('HTTP 500 from /realtime-key'));
    const error = await failure(transport({ apiKey }).open(listening(), never));
    expect(error).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(error.message).toMatch(/`apiKey` gave no key: HTTP 500/);
  });

  test('is not waited for once the connecting is aborted', async () => {
    const { made, WebSocket: Noting } = noting();
    const controller = new AbortController();
    const apiKey = (): Promise<string> => new Promise(() => undefined);
    const opening = transport({ apiKey, WebSocket: Noting }).open(listening(), controller.signal);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    expect(made).toEqual([]);
  });
});

describe('a connection that does not come about', () => {
  const everythingOf = (error: Error): string => [error.message, error.stack, inspect(error, { depth: 20 })].join('\n');
  const refusal: RequestListener = ({ headers }, response) =>
    void response.writeHead(401).end(String(headers['sec-websocket-protocol']));

  test('is unreachable, with what to check, and without the key', async () => {
    const other = await refusing(refusal);
    onTestFinished(other.stop);
    const error = await failure(transport({ apiKey: ephemeral, url: other.url }).open(listening(), never));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(error.message).toMatch(/127\.0\.0\.1:\d+: the connection failed: .*the subprotocol "realtime"/);
    expect(everythingOf(error)).not.toContain('S3CRET');
  });

  test('is so where the server takes no subprotocol', async () => {
    const other = await loopback({ handleProtocols: () => false });
    onTestFinished(other.stop);
    const error = await failure(transport({ apiKey: ephemeral, url: other.url }).open(listening(), never));
    expect(error).toMatchObject({ failure: { kind: 'unreachable' } });
  });

  test('is so where the line is cut before it is ready', async () => {
    const other = await stalling();
    onTestFinished(other.stop);
    const opening = transport({ apiKey: ephemeral, url: other.url }).open(listening(), never);
    await other.knocked();
    other.cut();
    expect(await failure(opening)).toMatchObject({ failure: { kind: 'unreachable' } });
  });
});

describe('a line', () => {
  /** A socket that is played by hand. */
  function byHand(more: object = {}) {
    const listeners: [string, (event: SocketEvent) => void][] = [];
    const socket = {
      readyState: 1,
      binaryType: 'blob',
      closes: [] as unknown[][],
      send: (_text: string): void => undefined,
      close: (...given: unknown[]): void => void socket.closes.push(given),
      addEventListener: (type: string, listener: (event: SocketEvent) => void) => void listeners.push([type, listener]),
      ...more,
    };
    const happens = (event: SocketEvent): void => {
      for (const [type, listener] of listeners) if (type === event.type) listener(event);
    };
    const WebSocketByHand = function () {
      queueMicrotask(() => happens({ type: 'open' }));
      return socket;
    } as never;
    const ears = listening();
    const opening = transport({ apiKey: ephemeral, WebSocket: WebSocketByHand }).open(ears, never);
    return { socket, happens, ears, opening };
  }

  test('cannot ping: the session asks with an event instead', async () => {
    const { opening } = byHand();
    expect((await opening).ping).toBeUndefined();
  });

  test('leaves out how much is unsent where the platform does not count it', async () => {
    expect('unsentBytes' in (await byHand().opening)).toBe(false);
    expect((await byHand({ bufferedAmount: 7 }).opening).unsentBytes).toBe(7);
  });

  test('hides the key in every way in which it was sent', async () => {
    const line = await byHand().opening;
    expect(line.secrets).toEqual(expect.arrayContaining([ephemeral, `openai-insecure-api-key.${ephemeral}`]));
  });

  test('closes with a code that platforms allow', async () => {
    const { opening, socket } = byHand();
    (await opening).close(1001, 'done');
    expect(socket.closes).toEqual([[1000, 'done']]);
    const other = byHand();
    (await other.opening).close(3000, '');
    expect(other.socket.closes).toEqual([[3000, '']]);
  });

  test('takes bytes as bytes, and text as text', async () => {
    const { opening, happens, ears, socket } = byHand();
    await opening;
    happens({ type: 'message', data: 'text' });
    happens({ type: 'message', data: new TextEncoder().encode('bytes').buffer });
    expect(await ears.frames(2)).toEqual(['text', 'bytes']);
    expect(socket.binaryType).toBe('arraybuffer');
  });

  test('never throws, whatever the platform does', async () => {
    const throws = (): void => {
      throw new Error('InvalidStateError');
    };
    const { opening } = byHand({ send: throws, close: throws });
    const line = await opening;
    expect(() => line.send('{}')).not.toThrow();
    expect(() => line.close(1000, '')).not.toThrow();
  });

  test.each([1006, 0, undefined])('ends without a code where no close frame came: platforms say %s', async (code) => {
    const { opening, happens, ears } = byHand();
    await opening;
    happens({ type: 'close', code });
    expect(await ears.ended()).toEqual({ code: null, reason: '' });
  });

  test('ends once, with the words of the error before it', async () => {
    const { opening, happens, ears } = byHand();
    await opening;
    happens({ type: 'error', message: `lost ${ephemeral}` });
    happens({ type: 'close', code: 1006, reason: '' });
    happens({ type: 'close', code: 1000, reason: '' });
    expect(await ears.ended()).toEqual({ code: null, reason: 'lost [hidden]' });
    happens({ type: 'message', data: 'too late' });
    expect(ears).toMatchObject({ heard: [], ends: [{}] });
  });
});
