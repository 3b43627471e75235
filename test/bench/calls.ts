/**
 * A call centre: many calls in one process on one core, each 50 frames of 160 B a second each way, paced by a server
 * on another core. All contenders are connected, and the server drives one of them at a time.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { OpenAIRealtimeWebSocket } from '@openai/agents-realtime';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { openSession } from '../../src/ws.js';
import { AGENTS, BARE, KEY, SDK } from './contenders.js';
import { answer, audioDelta, noise, renamed } from './frames.js';
import { markdown, spreadOf, type Spread } from './measure.js';
import { onCore, shuffled } from './pairs.js';
import { framed } from './pipe.js';
import { beginProfile, endProfile } from './profile.js';
import { OURS } from './row.js';

const GENERATIONS = 3;
const WINDOWS = 20;
export const WINDOW_MS = 300;
/** Until then much of what is measured would be compilation. */
const WARM_WINDOWS = 16;
/** Frames per second in each direction, and the bytes of audio in each: 20 ms of G.711. */
export const FRAMES = 50;
const BYTES = 160;
const AIMED = 0.9;

const opens = { [OURS]: openOurs, [BARE]: openBare, [SDK]: openSdk, [AGENTS]: openAgents };
export type Who = keyof typeof opens;
const everybody = Object.keys(opens) as Who[];

interface Window {
  /** Share of the core. */
  readonly cpu: number;
  /** The delay of the event loop, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}
export interface Calls {
  readonly size: number;
  readonly windows: Readonly<Record<Who, readonly Window[]>>;
}

export async function callCentre(size = 200): Promise<Calls> {
  const windows: Record<Who, Window[]> = { [OURS]: [], [BARE]: [], [SDK]: [], [AGENTS]: [] };
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const centre = await openCentre(size, everybody);
    for (let count = -WARM_WINDOWS; count < WINDOWS; count++) {
      for (const place of shuffled(everybody.length)) {
        const who = everybody[place]!;
        const window = await centre.play(who);
        if (count >= 0) windows[who].push(window);
      }
    }
    centre.close();
  }
  return { size, windows };
}

interface Centre {
  /** Plays a window of calls to one contender. */
  readonly play: (who: Who) => Promise<Window>;
  /** Asks a contender's process for something, and waits for the answer. */
  readonly ask: <Answer>(who: Who, what: string) => Promise<Answer>;
  readonly close: () => void;
}

/** A server, and the processes of these contenders, in which all calls are open. */
export async function openCentre(size: number, whose: readonly Who[]): Promise<Centre> {
  const server = onCore(1, { BENCH_CALLS: JSON.stringify({ be: 'server' }) });
  const port = await told(server);
  const processes = {} as Record<Who, ChildProcess>;
  for (const who of whose) {
    processes[who] = onCore(0, { BENCH_CALLS: JSON.stringify({ be: who, port, size }) });
    await told(processes[who]);
  }
  return {
    play: (who) => oneWindow(server, processes[who], who),
    ask: (who, what) => {
      processes[who].send(what);
      return told(processes[who]);
    },
    close: () => {
      for (const each of [server, ...Object.values(processes)]) each.kill();
    },
  };
}

async function oneWindow(server: ChildProcess, calls: ChildProcess, who: Who): Promise<Window> {
  calls.send('begin');
  await told(calls);
  server.send({ who });
  const sent = await told(server);
  calls.send('end');
  const { heard, ...window } = await told<Window & { readonly heard: number }>(calls);
  if (heard !== sent)
    throw new Error(`${who} heard ${heard} of ${sent} frames: the machine is too slow for these calls.`);
  return window;
}

async function told<Message = number>(child: ChildProcess): Promise<Message> {
  return ((await once(child, 'message')) as [Message])[0];
}

type Part = { readonly be: 'server' } | { readonly be: Who; readonly port: number; readonly size: number };

/** Runs as the process of the server, or of one contender. */
export async function takePart(given: string): Promise<void> {
  const part = JSON.parse(given) as Part;
  await (part.be === 'server' ? serve() : takeCalls(part));
}

// The server -----------------------------------------------------------------------------------------------------------

const settings = {
  output_modalities: ['audio'],
  audio: { output: { voice: 'marin', format: { type: 'audio/pcmu' } } },
} as const;
const session = { type: 'realtime', id: 'sess_1', model: 'gpt-realtime', ...settings };

async function serve(): Promise<void> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  const lines = new Map<string, Set<Socket>>();
  server.on('connection', (socket, { url, socket: line }) => {
    const who = decodeURIComponent(url!.split('/')[1]!);
    const group = lines.get(who) ?? new Set();
    lines.set(who, group.add(line));
    line.on('close', () => group.delete(line));
    socket.send(JSON.stringify({ type: 'session.created', event_id: 'event_1', session }));
    socket.on('message', (data) => {
      if (!(data as Buffer).includes('"session.update"')) return;
      socket.send(JSON.stringify({ type: 'session.updated', event_id: 'event_2', session }));
    });
  });
  await once(server, 'listening');
  process.on('message', ({ who }: { readonly who: Who }) => {
    void paced([...(lines.get(who) ?? [])], who).then((sent) => process.send!(sent));
  });
  process.send!((server.address() as AddressInfo).port);
  await once(process, 'disconnect');
}

/** How many windows a contender has had. */
const played: Partial<Record<Who, number>> = {};
/** How long a response is: some five seconds. */
const RESPONSE_WINDOWS = 16;

/** Plays on the response that is open in every call; the frames of different calls are spread evenly over time. */
async function paced(calls: readonly Socket[], who: Who): Promise<number> {
  const window = played[who] ?? 0;
  played[who] = window + 1;
  const response = Math.floor(window / RESPONSE_WINDOWS);
  const inResponse = (frame: Buffer): Buffer => framed(Buffer.from(renamed(frame.toString(), response)));
  if (window % RESPONSE_WINDOWS === 0) for (const call of calls) call.write(inResponse(answer[0]!));
  const frame = inResponse(audioDelta(BYTES));
  const all = Math.round((calls.length * FRAMES * WINDOW_MS) / 1_000);
  const start = performance.now();
  let sent = 0;
  while (sent < all) {
    const due = Math.min(all, Math.floor(((performance.now() - start) / WINDOW_MS) * all));
    while (sent < due) calls[sent++ % calls.length]!.write(frame);
    await awake(1);
  }
  const isLast = window % RESPONSE_WINDOWS === RESPONSE_WINDOWS - 1;
  if (isLast) for (const call of calls) call.write(inResponse(answer.at(-2)!));
  return sent;
}

/** Waits without falling asleep: a write costs its sender twice as much where it must wake the reader on the other core. */
async function awake(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) await turn();
}

// A contender ----------------------------------------------------------------------------------------------------------

let heard = 0;

async function takeCalls({ be: who, port, size }: Exclude<Part, { be: 'server' }>): Promise<void> {
  const kept: unknown[] = [];
  for (let count = 0; count < size; count++) kept.push(await opens[who](port));
  const lag = monitorEventLoopDelay({ resolution: LAG_MS });
  let start = process.cpuUsage();
  let began = 0;
  process.on('message', (what) => {
    if (what === 'profile') void beginProfile().then(() => process.send!(0));
    else if (what === 'shares') void endProfile().then((shares) => process.send!(shares));
    else if (what === 'begin') {
      heard = 0;
      lag.reset();
      lag.enable();
      [start, began] = [process.cpuUsage(), performance.now()];
      process.send!(0);
    } else {
      void drained(size).then(() => {
        const { user, system } = process.cpuUsage(start);
        lag.disable();
        const late = (percent: number): number => Math.max(0, lag.percentile(percent) / 1e6 - LAG_MS);
        const cpu = (user + system) / 1_000 / (performance.now() - began);
        process.send!({ cpu, p50: late(50), p99: late(99), heard });
      });
    }
  });
  process.send!(kept.length);
  await once(process, 'disconnect');
}
const LAG_MS = 2;

/** Waits for frames in flight, which still belong to the measured window. */
async function drained(size: number): Promise<void> {
  const all = Math.round((size * FRAMES * WINDOW_MS) / 1_000);
  for (let wait = 0; heard < all && wait < 500; wait++) await pause(2);
}

const sound = noise(BYTES);

/** Sends the caller's audio whenever the model's arrives, as a bridge to a carrier does. */
async function openOurs(port: number): Promise<unknown> {
  const url = `ws://127.0.0.1:${port}/${OURS}/v1/realtime`;
  const mine = await openSession({ model: 'gpt-realtime', url, apiKey: KEY, session: settings as never });
  mine.on('audio', ({ bytes }) => {
    if (bytes.length === BYTES) heard++;
    mine.appendAudio(sound);
  });
  return mine;
}

async function openBare(port: number): Promise<unknown> {
  const url = `ws://127.0.0.1:${port}/${encodeURIComponent(BARE)}/v1/realtime`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  const updated = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const event = JSON.parse((data as Buffer).toString()) as { readonly type: string; readonly delta: string };
      switch (event.type) {
        case 'session.updated':
          return resolve();
        case 'response.output_audio.delta':
          if (Buffer.from(event.delta, 'base64').length === BYTES) heard++;
          socket.send(JSON.stringify({ type: 'input_audio_buffer.append', audio: sound.toString('base64') }));
      }
    });
  });
  socket.send(JSON.stringify({ type: 'session.update', session: settings }));
  await updated;
  return socket;
}

async function openSdk(port: number): Promise<unknown> {
  const client = new OpenAIRealtimeWS(
    // The SDK refuses unencrypted addresses, so it gets a plain TCP connection like the others.
    {
      model: 'gpt-realtime',
      options: { createConnection: () => connect(port, '127.0.0.1'), perMessageDeflate: false },
    },
    { apiKey: KEY, baseURL: `https://127.0.0.1:${port}/${SDK}/v1` },
  );
  client.on('error', () => undefined);
  client.on('response.output_audio.delta', ({ delta }) => {
    if (Buffer.from(delta, 'base64').length === BYTES) heard++;
    client.send({ type: 'input_audio_buffer.append', audio: sound.toString('base64') });
  });
  const updated = new Promise((resolve) => client.once('session.updated', resolve));
  await once(client.socket, 'open');
  client.send({ type: 'session.update', session: { type: 'realtime', ...settings } as never });
  await updated;
  return client;
}

async function openAgents(port: number): Promise<unknown> {
  const url = `ws://127.0.0.1:${port}/${AGENTS}/v1/realtime`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const client = new OpenAIRealtimeWebSocket({ createWebSocket: () => Promise.resolve(socket as never), url });
  client.on('error', () => undefined);
  client.on('audio', ({ data }) => {
    if (data.byteLength === BYTES) heard++;
    client.sendAudio(new Uint8Array(sound).buffer);
  });
  const updated = new Promise((resolve) => client.once('session.updated', resolve));
  await client.connect({ apiKey: KEY, model: 'gpt-realtime' });
  await updated;
  return client;
}

// The table ------------------------------------------------------------------------------------------------------------

export function callsTable({ size, windows }: Calls): string {
  const bareOnes = windows[BARE];
  const rows = everybody.map((who) => {
    const mine = windows[who];
    const ratio = spreadOf(mine.map(({ cpu }, at) => bareOnes[at]!.cpu / cpu));
    const isAimed = who === OURS && size === 200;
    return [
      who,
      percent(spreadOf(mine.map(({ cpu }) => cpu)).median),
      who === BARE ? '' : times(ratio),
      milliseconds(mine, 'p50'),
      milliseconds(mine, 'p99'),
      isAimed ? `${AIMED} ×` : '',
      isAimed ? (ratio.median >= AIMED ? 'reached' : 'missed') : '',
    ];
  });
  const head = [
    `${size} calls on one core`,
    'of the core',
    `as fast as bare \`ws\``,
    'lag, p50',
    'lag, p99',
    'aim',
    '',
  ];
  return markdown([head, ...rows]);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const times = ({ low, median, high }: Spread): string =>
  `${median.toFixed(2)} × (${low.toFixed(2)} to ${high.toFixed(2)})`;
const milliseconds = (windows: readonly Window[], of: 'p50' | 'p99'): string => {
  const { low, median, high } = spreadOf(windows.map((window) => window[of]));
  return `${median.toFixed(1)} ms (${low.toFixed(1)} to ${high.toFixed(1)})`;
};
