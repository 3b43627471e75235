import { agents, AGENTS, bare, BARE, ours, sdk, SDK } from './contenders.js';
import { answer, audioDelta, noise } from './frames.js';
import type { Row } from './measure.js';
import { framed } from './pipe.js';

/** Whole sessions over real `ws` sockets: from the bytes of a WebSocket frame to the listener, and back. */
export const sessionRows: readonly (() => Promise<Row>)[] = [
  () => inboundJson(),
  () => inboundAudio('inbound audio as bytes, G.711 (2,000 B)', 2_000),
  () => inboundAudio('inbound audio as bytes, PCM (12,000 B)', 12_000),
  () => outbound('outbound append, 160 B', 160, 'until `ws` has it'),
  () => outbound('outbound append, 960 B', 960, 'until `ws` has it'),
  () => outbound('… masked and framed by `ws`, 160 B', 160, 'until the network has it'),
  () => outbound('… masked and framed by `ws`, 960 B', 960, 'until the network has it'),
];

/** More answers than any contender remembers, so that each is new to it when it comes again. */
const ANSWERS = 400;

/** The same answer with ids of its own, framed. */
const answers: readonly (readonly Buffer[])[] = Array.from({ length: ANSWERS }, (_, index) =>
  answer.map((frame) => framed(Buffer.from(renamed(frame.toString(), index)))),
);

function renamed(frame: string, index: number): string {
  const tail = String(index).padStart(4, '0');
  return frame.replaceAll(/"((?:resp|item)_\w+?)\w{4}"/g, `"$1${tail}"`);
}

type Counted = { readonly type: string; readonly delta?: string };

/** What a program does with the events it knows: it counts words and ends. */
class Counter {
  words = 0;
  ends = 0;
  take({ type, delta }: Counted): void {
    switch (type) {
      case 'response.output_audio_transcript.delta':
        this.words += delta?.length ?? 0;
        return;
      case 'response.done':
        this.ends++;
        return;
      case 'error':
        throw new Error('There is no error in these answers.');
    }
  }
}

async function inboundJson(): Promise<Row> {
  const contenders = [await ours(), await bare(), await sdk(), await agents()] as const;
  const [mine, plain, official, agent] = contenders;
  const counter = new Counter();
  const take = (event: Counted): void => counter.take(event);
  for (const name of ['response.output_audio_transcript.delta', 'response.done', 'error'] as const) {
    mine.client.on(name, take);
    official.client.on(name, take);
    agent.client.on(name, take as never);
  }
  plain.client.on('message', (data) => take(JSON.parse((data as Buffer).toString()) as Counted));
  const [first, second, third, fourth] = contenders.map(({ pipe }) => {
    let next = 0;
    return () => {
      for (const frame of answers[next++ % ANSWERS]!) pipe.arrives(frame);
    };
  });
  return {
    name: `inbound events, JSON: the ${answer.length} of an answer`,
    ours: first!,
    others: { [BARE]: second!, [SDK]: third!, [AGENTS]: fourth! },
    targets: { [BARE]: 1, [SDK]: 1 },
    batch: 20,
  };
}

async function inboundAudio(name: string, size: number): Promise<Row> {
  const contenders = [await ours(), await bare(), await sdk(), await agents()] as const;
  const [mine, plain, official, agent] = contenders;
  let heard = 0;
  mine.client.on('audio', ({ bytes }) => (heard += bytes.length));
  plain.client.on('message', (data) => {
    const event = JSON.parse((data as Buffer).toString()) as Counted;
    if (event.type === 'response.output_audio.delta') heard += Buffer.from(event.delta ?? '', 'base64').length;
  });
  official.client.on('response.output_audio.delta', ({ delta }) => (heard += Buffer.from(delta, 'base64').length));
  agent.client.on('audio', ({ data }) => (heard += data.byteLength));
  const created = framed(answer[0]!);
  const frame = framed(audioDelta(size));
  for (const { pipe } of contenders) pipe.arrives(created);
  const [first, second, third, fourth] = contenders.map(
    ({ pipe }) =>
      () =>
        pipe.arrives(frame),
  );
  return {
    name,
    ours: first!,
    others: { [BARE]: second!, [SDK]: third!, [AGENTS]: fourth! },
    targets: { [BARE]: 1.15, [AGENTS]: 3 },
    batch: 200,
  };
}

async function outbound(name: string, size: number, until: string): Promise<Row> {
  const audio = noise(size);
  const mine = await ours();
  const official = await sdk();
  if (until === 'until `ws` has it') mine.socket.send = official.socket.send = asBytes;
  return {
    name,
    ours: () => mine.client.appendAudio(audio),
    others: {
      [SDK]: () => official.client.send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') }),
    },
    ...(until === 'until `ws` has it' && { targets: { [SDK]: 3 } }),
    batch: 1_000,
  };
}

/** The first that `ws` does with a text. */
const asBytes = ((text: string) => Buffer.from(text)) as never;
