import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { openSession } from '../../src/ws.js';
import { SDK } from './contenders.js';
import { answer, audioDelta } from './frames.js';
import { markdown, median } from './measure.js';

const SIZES = [250, 500, 1_000] as const;
/** So often, each in a process of its own; the medians count. */
const RUNS = 3;
/** Deltas of audio that each session receives. */
const DELTAS = 40;
/** How much more memory a session of ours may take. */
const TARGET = 1.1;

type Who = 'ours' | 'sdk';
interface Crowd {
  /** Bytes of memory that one session takes, once it is confirmed and idle. */
  readonly bytes: number;
  /** Microseconds of processor time for one delta, to the listener. */
  readonly us: number;
}
type Crowds = Readonly<Record<Who, ReadonlyMap<number, Crowd>>>;

/** Many sessions in one process, facing a server in another. */
export async function crowds(): Promise<Crowds> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const lines = new Set<WebSocket>();
  server.on('connection', (socket) => {
    lines.add(socket);
    socket.on('close', () => lines.delete(socket));
    serve(socket);
  });
  const { port } = server.address() as AddressInfo;
  const found = { ours: new Map<number, Crowd>(), sdk: new Map<number, Crowd>() };
  for (const size of SIZES) {
    const runs = { ours: [] as Crowd[], sdk: [] as Crowd[] };
    for (let run = 0; run < RUNS; run++) {
      for (const who of ['ours', 'sdk'] as const) runs[who].push(await crowd(who, size, port, lines));
    }
    for (const who of ['ours', 'sdk'] as const) found[who].set(size, middle(runs[who]));
  }
  server.close();
  return found;
}

const middle = (runs: readonly Crowd[]): Crowd => ({
  bytes: median(runs.map(({ bytes }) => bytes)),
  us: median(runs.map(({ us }) => us)),
});

const settings = { output_modalities: ['audio'], audio: { output: { voice: 'marin' } } };

function serve(socket: WebSocket): void {
  const session = { type: 'realtime', id: 'sess_1', model: 'gpt-realtime', ...settings };
  socket.send(JSON.stringify({ type: 'session.created', session }));
  socket.on('message', () => socket.send(JSON.stringify({ type: 'session.updated', session })));
}

async function crowd(who: Who, size: number, port: number, lines: ReadonlySet<WebSocket>): Promise<Crowd> {
  const env = { ...process.env, BENCH_CROWD: JSON.stringify({ who, size, port }) };
  const child = fork(process.argv[1]!, { env, execArgv: ['--expose-gc'] });
  const bytes = ((await once(child, 'message')) as unknown as [number])[0];
  const created = answer[0]!.toString();
  const delta = audioDelta(2_000).toString();
  for (const line of lines) line.send(created);
  for (let count = 0; count < DELTAS; count++) {
    for (const line of lines) line.send(delta);
    await turn();
  }
  const us = ((await once(child, 'message')) as unknown as [number])[0];
  child.kill();
  await once(child, 'exit');
  while (lines.size > 0) await turn();
  return { bytes, us };
}

/** In the process of the crowd: opens its sessions, tells what they take, and then what a delta costs. */
export async function beOneOfCrowd(given: string): Promise<void> {
  const { who, size, port } = JSON.parse(given) as { who: Who; size: number; port: number };
  let heard = 0;
  const open = (): Promise<unknown> => (who === 'ours' ? openOurs : openSdk)(port, () => heard++);
  const kept: unknown[] = [];
  for (let count = 0; count < 10; count++) kept.push(await open());
  const before = memory();
  for (let count = 0; count < size - 10; count++) kept.push(await open());
  await turn();
  process.send?.((memory() - before) / (size - 10));
  while (heard === 0) await turn();
  const start = process.cpuUsage();
  while (heard < size * DELTAS) await new Promise((resolve) => setTimeout(resolve, 1));
  const { user, system } = process.cpuUsage(start);
  process.send?.((user + system) / (kept.length * DELTAS));
  await new Promise(() => undefined);
}

function memory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function openOurs(port: number, hear: () => void): Promise<unknown> {
  const url = `ws://127.0.0.1:${port}/v1/realtime`;
  const session = await openSession({ model: 'gpt-realtime', url, session: settings as never });
  session.on('audio', ({ bytes }) => bytes.length > 0 && hear());
  return session;
}

async function openSdk(port: number, hear: () => void): Promise<unknown> {
  // It knows no clear text; over the same TCP as the other.
  const options = { createConnection: () => connect(port, '127.0.0.1') };
  const client = { apiKey: 'none', baseURL: `https://127.0.0.1:${port}/v1` };
  const session = new OpenAIRealtimeWS({ model: 'gpt-realtime', options: options }, client);
  session.on('error', () => undefined);
  session.on('response.output_audio.delta', ({ delta }) => Buffer.from(delta, 'base64').length > 0 && hear());
  const updated = new Promise((resolve) => session.once('session.updated', resolve));
  await once(session.socket, 'open');
  session.send({ type: 'session.update', session: { type: 'realtime', ...(settings as object) } });
  await updated;
  return session;
}

export function crowdTable({ ours, sdk }: Crowds): string {
  const kilobytes = (bytes = NaN): string => `${(bytes / 1_000).toFixed(1)} kB`;
  const microseconds = (us = NaN): string => `${us.toFixed(1)} µs`;
  const rows = SIZES.map((size) => {
    const [mine, theirs] = [ours.get(size), sdk.get(size)];
    const ratio = (mine?.bytes ?? NaN) / (theirs?.bytes ?? NaN);
    return [
      `${size} sessions in one process`,
      SDK,
      kilobytes(mine?.bytes),
      kilobytes(theirs?.bytes),
      `${ratio.toFixed(2)} ×`,
      size === 1_000 ? `${TARGET} × at most` : '',
      size === 1_000 ? (ratio <= TARGET ? 'reached' : 'missed') : '',
      `${microseconds(mine?.us)} / ${microseconds(theirs?.us)}`,
    ];
  });
  const head = ['what', 'against', 'memory of one', 'theirs', 'ratio', 'target', '', 'a delta, ours / theirs'];
  return markdown([head, ...rows]);
}
