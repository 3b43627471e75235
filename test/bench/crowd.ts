/** Memory of many idle sessions in one process, with the server in another. */
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { openSession } from '../../src/ws.js';
import { SDK } from './contenders.js';
import { markdown, spreadOf } from './measure.js';
import { onCore } from './pairs.js';
import { OURS } from './row.js';

const GENERATIONS = 3;
/** The highest acceptable ratio between our sessions and the others. */
const AIMED = { heap: 2, resident: 1.3 };

const opens = { [OURS]: openOurs, [SDK]: openSdk };
type Who = keyof typeof opens;

/** Bytes that one session takes once it is confirmed and idle. */
interface Memory {
  readonly heap: number;
  readonly resident: number;
}
export interface Crowds {
  readonly size: number;
  readonly found: Readonly<Record<Who, readonly Memory[]>>;
}

export async function crowds(size = 1_000): Promise<Crowds> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', serve);
  const { port } = server.address() as AddressInfo;
  const found: Record<Who, Memory[]> = { [OURS]: [], [SDK]: [] };
  for (let generation = 0; generation < GENERATIONS; generation++) {
    for (const who of [OURS, SDK] as const) {
      const child = onCore(0, { BENCH_CROWD: JSON.stringify({ who, size, port }) });
      found[who].push(((await once(child, 'message')) as [Memory])[0]);
      child.kill();
      await once(child, 'exit');
    }
  }
  server.close();
  return { size, found };
}

const settings = { output_modalities: ['audio'], audio: { output: { voice: 'marin' } } };

function serve(socket: WebSocket): void {
  const session = { type: 'realtime', id: 'sess_1', model: 'gpt-realtime', ...settings };
  socket.send(JSON.stringify({ type: 'session.created', session }));
  socket.on('message', () => socket.send(JSON.stringify({ type: 'session.updated', session })));
}

/** Runs as the process of the sessions: opens them, and reports their memory. */
export async function beOneOfCrowd(given: string): Promise<void> {
  const { who, size, port } = JSON.parse(given) as { who: Who; size: number; port: number };
  const kept: unknown[] = [];
  for (let count = 0; count < 10; count++) kept.push(await opens[who](port));
  const before = memory();
  for (let count = 0; count < size; count++) kept.push(await opens[who](port));
  await turn();
  const after = memory();
  const each = (of: keyof Memory): number => (after[of] - before[of]) / size;
  process.send!({ heap: each('heap'), resident: each('resident') });
  await once(process, 'disconnect');
}

function memory(): Memory {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

async function openOurs(port: number): Promise<unknown> {
  const url = `ws://127.0.0.1:${port}/v1/realtime`;
  const session = await openSession({ model: 'gpt-realtime', url, session: settings as never });
  session.on('audio', () => undefined);
  return session;
}

async function openSdk(port: number): Promise<unknown> {
  // The SDK refuses unencrypted addresses, so it gets a plain TCP connection like the others.
  const options = { createConnection: () => connect(port, '127.0.0.1'), perMessageDeflate: false };
  const client = { apiKey: 'none', baseURL: `https://127.0.0.1:${port}/v1` };
  const session = new OpenAIRealtimeWS({ model: 'gpt-realtime', options }, client);
  session.on('error', () => undefined);
  session.on('response.output_audio.delta', () => undefined);
  const updated = new Promise((resolve) => session.once('session.updated', resolve));
  await once(session.socket, 'open');
  session.send({ type: 'session.update', session: { type: 'realtime', ...(settings as object) } });
  await updated;
  return session;
}

export function crowdTable({ size, found }: Crowds): string {
  const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;
  const rows = (['heap', 'resident'] as const).map((of) => {
    const [mine, theirs] = [found[OURS], found[SDK]].map((each) => each.map((memory) => memory[of]));
    const ratio = spreadOf(mine!.map((bytes, at) => bytes / theirs![at]!));
    return [
      `memory of one of ${size} idle sessions, ${of}`,
      SDK,
      kilobytes(spreadOf(mine!).median),
      kilobytes(spreadOf(theirs!).median),
      `${ratio.median.toFixed(2)} ×`,
      `${ratio.low.toFixed(2)} × to ${ratio.high.toFixed(2)} ×`,
      `${AIMED[of]} × at most`,
      ratio.median <= AIMED[of] ? 'reached' : 'missed',
    ];
  });
  return markdown([['what', 'against', 'ours', 'theirs', 'compared', 'spread', 'aim', ''], ...rows]);
}
