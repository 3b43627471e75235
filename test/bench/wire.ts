import { Socket } from 'node:net';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import * as ws from 'ws';
import type { ClientOptions } from 'ws';
import { decode, encodeAppend } from '../../src/wire/index.js';
import { answer, audioDelta, noise } from './frames.js';
import type { Row } from './measure.js';

/** The wire alone: bytes to events and bytes to frames, with nobody listening and no socket in between. */
export const wireRows = (): readonly Row[] => [
  inboundJson(),
  inboundAudio('inbound audio, G.711 (2,000 B)', 2_000),
  inboundAudio('inbound audio, PCM (12,000 B)', 12_000),
  outbound('outbound append, 160 B', 160),
  outbound('outbound append, 960 B', 960),
  outboundText('outbound append, 160 B given as base64', 160),
  outboundText('outbound append, 960 B given as base64', 960),
  outboundFramed('outbound append, 160 B, masked and framed', 160),
  outboundFramed('outbound append, 960 B, masked and framed', 960),
];

/** What `ws` does with a text before the socket has it; exported, and missing in its types. */
const { Sender } = ws as typeof ws & { readonly Sender: new (socket: object) => FrameSender };

interface FrameSender {
  send(data: Buffer, options: Readonly<Record<'fin' | 'binary' | 'compress' | 'mask', boolean>>): void;
}

const BARE = 'ws + JSON.parse + switch';
const SDK = 'OpenAIRealtimeWS';

/** What a loop by hand does: the few events it knows, by name. */
function bySwitch(event: { readonly type: string }): string {
  switch (event.type) {
    case 'response.created':
      return 'created';
    case 'response.output_audio_transcript.delta':
      return 'text';
    case 'response.done':
      return 'done';
    case 'error':
      return 'error';
    default:
      return 'other';
  }
}

function inboundJson(): Row {
  const each = (take: (frame: Buffer) => unknown) => () => {
    for (const frame of answer) take(frame);
  };
  const sdk = sdkClient();
  let heard = '';
  sdk.on('event', (event) => (heard = bySwitch(event)));
  return {
    name: `inbound JSON, ${answer.length} events of an answer`,
    ours: each((frame) => {
      const decoded = decode(frame);
      return decoded.kind === 'unreadable' ? decoded.reason : bySwitch(decoded.event);
    }),
    others: {
      [BARE]: each((frame) => bySwitch(JSON.parse(frame.toString()) as { type: string })),
      [SDK]: each((frame) => (sdk.socket.emit('message', frame, false), heard)),
    },
    targets: { [BARE]: 1, [SDK]: 1 },
    batch: 40,
  };
}

function inboundAudio(name: string, size: number): Row {
  const frame = audioDelta(size);
  const sdk = sdkClient();
  let heard: unknown;
  sdk.on('response.output_audio.delta', ({ delta }) => (heard = Buffer.from(delta, 'base64')));
  return {
    name,
    ours: () => {
      const decoded = decode(frame);
      return decoded.kind === 'audio' ? decoded.bytes : null;
    },
    others: {
      [BARE]: () => {
        const event = JSON.parse(frame.toString()) as { type: string; delta: string };
        return event.type === 'response.output_audio.delta' ? Buffer.from(event.delta, 'base64') : null;
      },
      [SDK]: () => (sdk.socket.emit('message', frame, false), heard),
    },
    targets: { [BARE]: 1.15 },
    batch: 400,
  };
}

/** Both ways end where the socket would begin to work on the text: as the bytes of it. */
function outbound(name: string, size: number): Row {
  const audio = noise(size);
  const sdk = sdkClient(asBytes);
  return {
    name,
    ours: () => asBytes(encodeAppend(audio)),
    others: { [SDK]: () => sdk.send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') }) },
    targets: { [SDK]: 3 },
    batch: 2_000,
  };
}

function outboundText(name: string, size: number): Row {
  const audio = noise(size).toString('base64');
  const sdk = sdkClient(asBytes);
  return {
    name,
    ours: () => asBytes(encodeAppend(audio)),
    others: { [SDK]: () => sdk.send({ type: 'input_audio_buffer.append', audio }) },
    batch: 2_000,
  };
}

/** All that happens before the kernel has it: the same for both from the text onwards. */
function outboundFramed(name: string, size: number): Row {
  const audio = noise(size);
  const sender = new Sender({ cork() {}, uncork() {}, write() {} });
  const send = (text: string): void =>
    sender.send(Buffer.from(text), { fin: true, binary: false, compress: false, mask: true });
  const sdk = sdkClient(send);
  return {
    name,
    ours: () => send(encodeAppend(audio)),
    others: { [SDK]: () => sdk.send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') }) },
    batch: 2_000,
  };
}

const asBytes = (text: string): Buffer => Buffer.from(text);

/** The official client over a connection that never comes about; what it sends goes to `send`. */
function sdkClient(send: (text: string) => unknown = () => undefined): OpenAIRealtimeWS {
  const options: ClientOptions = { createConnection: () => new Socket() };
  const client = new OpenAIRealtimeWS(
    { model: 'gpt-realtime', options },
    { apiKey: 'none', baseURL: 'https://host/v1' },
  );
  client.on('error', () => undefined);
  client.socket.send = send as never;
  return client;
}
