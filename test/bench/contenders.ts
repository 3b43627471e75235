import { once } from 'node:events';
import { OpenAIRealtimeWebSocket } from '@openai/agents-realtime';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { WebSocket } from 'ws';
import type { ConfirmedSession, Limits } from '../../types/index.js';
import { openSession } from '../../src/index.js';
import { wsTransport } from '../../src/transport/ws.js';
import { installed } from '../../src/transport/ws/packages.js';
import { framed, pipe, unframed, type Pipe } from './pipe.js';

export const BARE = 'ws + JSON.parse + switch';
export const SDK = 'OpenAIRealtimeWS';
export const AGENTS = 'agents-realtime';

/** As long as a real one: what the server says is searched for it. */
export const KEY = `sk-proj-${'0123456789abcdef'.repeat(8)}`;
const url = 'ws://127.0.0.1/v1/realtime?model=gpt-realtime';
const settings = { output_modalities: ['audio'], audio: { output: { voice: 'marin' } } };
const session = { type: 'realtime', id: 'sess_1', model: 'gpt-realtime', ...settings };

export const say = (pipe: Pipe, event: object): void => pipe.arrives(framed(Buffer.from(JSON.stringify(event))));

interface Contender<Client> {
  readonly pipe: Pipe;
  readonly client: Client;
  /** The `ws` socket under it. */
  readonly socket: WebSocket;
}

/** A socket of the `ws` package and nothing else. */
export async function bare(): Promise<Contender<WebSocket>> {
  const line = pipe();
  const socket = new WebSocket(url, { createConnection: line.connect as never, perMessageDeflate: false });
  await once(socket, 'open');
  return { pipe: line, client: socket, socket };
}

export async function sdk(): Promise<Contender<OpenAIRealtimeWS>> {
  const line = pipe();
  const client = new OpenAIRealtimeWS(
    { model: 'gpt-realtime', options: { createConnection: line.connect as never } },
    { apiKey: KEY, baseURL: 'http://127.0.0.1/v1' },
  );
  client.on('error', () => undefined);
  await once(client.socket, 'open');
  return { pipe: line, client, socket: client.socket };
}

export async function agents(): Promise<Contender<OpenAIRealtimeWebSocket>> {
  const line = pipe();
  const socket = new WebSocket(url, { createConnection: line.connect as never, perMessageDeflate: false });
  const createWebSocket = (): Promise<never> => Promise.resolve(socket as never);
  const client = new OpenAIRealtimeWebSocket({ createWebSocket, url });
  client.on('error', () => undefined);
  await client.connect({ apiKey: KEY, model: 'gpt-realtime' });
  return { pipe: line, client, socket };
}

/** A session as it is opened by default, confirmed. */
export async function ours(limits: Partial<Limits> = {}): Promise<Contender<ConfirmedSession<string>>> {
  const line = pipe();
  line.opened = () => say(line, { type: 'session.created', session });
  line.heard = (chunk) => {
    if (unframed(chunk).includes('session.update')) say(line, { type: 'session.updated', session });
  };
  const sockets: WebSocket[] = [];
  class Kept extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      sockets.push(this);
    }
  }
  const address = { model: 'gpt-realtime', url: 'ws://127.0.0.1/v1/realtime', apiKey: KEY };
  const options = { ...address, ws: { createConnection: line.connect } };
  const transport = wsTransport(options as never, {
    ...installed,
    ws: () => Promise.resolve({ WebSocket: Kept as never }),
  });
  const client: ConfirmedSession<string> = await openSession({
    transport,
    session: settings as never,
    // A minute of the benchmark has an hour's responses, without any user turn in between.
    limits: { responsesInARow: 1e9, creates: 1e9, ...limits },
  });
  client.on('fault', (error) => {
    throw error;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  line.heard = null;
  return { pipe: line, client, socket: sockets[0]! };
}
