import type { WebSocket } from 'ws';
import { ours, say, sdk, SDK } from './contenders.js';
import { markdown, median, us } from './measure.js';

/** Microseconds from the call to the socket's `send`, at the median. */
export interface Latencies {
  readonly ours: number;
  readonly sdk: number;
}

const SAMPLES = 4_000;
/** By how much ours may be slower: microseconds. */
const TARGET = 5;

/** `respond()` until its frame is given to the socket, and the official client's `send()` of the same frame. */
export async function latencies(): Promise<Latencies> {
  const mine = await ours();
  const official = await sdk();
  const times = { ours: [] as number[], sdk: [] as number[] };
  for (let sample = 0; sample < 2 * SAMPLES; sample++) {
    const asked = timed(mine.socket, () => void mine.client.respond('benchmark'));
    const create = JSON.parse(asked.text) as { response: { metadata: object } };
    const sent = timed(official.client.socket, () => official.client.send(create as never));
    answer(mine.pipe, `resp_${sample}`, create.response.metadata);
    await new Promise(setImmediate);
    if (sample < SAMPLES) continue;
    times.ours.push(asked.us);
    times.sdk.push(sent.us);
  }
  return { ours: median(times.ours), sdk: median(times.sdk) };
}

function timed(socket: WebSocket, call: () => void): { readonly us: number; readonly text: string } {
  let text = '';
  let end = 0n;
  socket.send = ((data: string) => {
    end = process.hrtime.bigint();
    text = data;
  }) as WebSocket['send'];
  const start = process.hrtime.bigint();
  call();
  return { us: Number(end - start) / 1_000, text };
}

/** The response comes and goes, so that the next may be asked for. */
function answer(pipe: Parameters<typeof say>[0], id: string, metadata: object): void {
  const response = { id, conversation_id: 'conv_1', metadata, output: [] };
  say(pipe, { type: 'response.created', response: { ...response, status: 'in_progress' } });
  say(pipe, { type: 'response.done', response: { ...response, status: 'completed' } });
}

export function latencyTable({ ours: mine, sdk: theirs }: Latencies): string {
  return markdown([
    ['what', 'against', 'ours', 'theirs', 'more', 'target', ''],
    [
      '`respond()` to the frame being written',
      `${SDK}.send`,
      us(mine),
      us(theirs),
      us(mine - theirs),
      `${TARGET} µs more`,
      mine - theirs <= TARGET ? 'reached' : 'missed',
    ],
  ]);
}
