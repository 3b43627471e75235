import { createRequire } from 'node:module';
import { agents, AGENTS, bare, BARE, ours, say, sdk, SDK } from './contenders.js';
import { answer, audioDelta, framedAnswers, noise } from './frames.js';
import { framed, type Pipe } from './pipe.js';
import { OURS, type Operation, type Row } from './row.js';

function hasBufferUtil(): boolean {
  try {
    createRequire(import.meta.url).resolve('bufferutil');
    return true;
  } catch {
    return false;
  }
}

type Counted = { readonly type: string; readonly delta?: string };

/** What a program does with events: it counts words and endings. */
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

function inboundJson(name: string, who: 'listening' | 'idle', targets: Readonly<Record<string, number>>): Row {
  const names = ['response.output_audio_transcript.delta', 'response.done', 'error'] as const;
  const counter = new Counter();
  const take = (event: Counted): void => counter.take(event);
  const listen = (on: (name: (typeof names)[number]) => unknown): void => {
    if (who === 'listening') names.forEach(on);
  };
  return {
    name,
    // Shorter ones measure how the caches are filled again after another contender's turn.
    batch: 100,
    timed: 'batch',
    compared: 'ratio',
    targets,
    contenders: {
      [OURS]: async () => {
        const { client, pipe } = await ours();
        listen((each) => client.on(each, take));
        return arriving(pipe);
      },
      [BARE]: async () => {
        const { client, pipe } = await bare();
        // Even a program without listeners must know some events, such as the answer's end.
        client.on('message', (data) => take(JSON.parse((data as Buffer).toString()) as Counted));
        return arriving(pipe);
      },
      [SDK]: async () => {
        const { client, pipe } = await sdk();
        listen((each) => client.on(each, take));
        return arriving(pipe);
      },
      [AGENTS]: async () => {
        const { client, pipe } = await agents();
        listen((each) => client.on(each, take as never));
        return arriving(pipe);
      },
    },
  };
}

function arriving(pipe: Pipe): Operation {
  const all = framedAnswers();
  let next = 0;
  return () => {
    for (const frame of all[next++ % all.length]!) pipe.arrives(frame);
  };
}

function inboundAudio(name: string, size: number, target: number): Row {
  let heard = 0;
  const frame = framed(audioDelta(size));
  const delta = (pipe: Pipe): Operation => {
    pipe.arrives(framed(answer[0]!));
    return () => pipe.arrives(frame);
  };
  return {
    name,
    batch: 200,
    timed: 'batch',
    compared: 'ratio',
    targets: { [BARE]: target },
    contenders: {
      [OURS]: async () => {
        const { client, pipe } = await ours();
        client.on('audio', ({ bytes }) => (heard += bytes.length));
        return delta(pipe);
      },
      [BARE]: async () => {
        const { client, pipe } = await bare();
        client.on('message', (data) => {
          const event = JSON.parse((data as Buffer).toString()) as Counted;
          if (event.type === 'response.output_audio.delta') heard += Buffer.from(event.delta ?? '', 'base64').length;
        });
        return delta(pipe);
      },
      [SDK]: async () => {
        const { client, pipe } = await sdk();
        client.on('response.output_audio.delta', (event) => (heard += Buffer.from(event.delta, 'base64').length));
        return delta(pipe);
      },
      [AGENTS]: async () => {
        const { client, pipe } = await agents();
        client.on('audio', ({ data }) => (heard += data.byteLength));
        return delta(pipe);
      },
    },
  };
}

/** Measures sending: until the network has the event as JSON, masked and framed. */
function outbound(name: string, size: number, target: number, env: Readonly<Record<string, string>> = {}): Row {
  const audio = noise(size);
  return {
    name,
    env,
    batch: 1_000,
    timed: 'batch',
    compared: 'ratio',
    targets: { [SDK]: target },
    contenders: {
      [OURS]: async () => {
        const { client } = await ours();
        return () => client.appendAudio(audio);
      },
      [SDK]: async () => {
        const { client } = await sdk();
        return () => client.send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') });
      },
      // What masking, framing and writing cost by themselves.
      'ws alone, the text ready': async () => {
        const { client } = await bare();
        const text = JSON.stringify({ type: 'input_audio_buffer.append', audio: audio.toString('base64') });
        return () => client.send(text);
      },
    },
  };
}

type Client = Awaited<ReturnType<typeof ours>>['client'];

/** Until the text is given to `ws`; the official client sends the same text. */
function responding(name: string, ask: (client: Client) => void): Row {
  return {
    name,
    batch: 100,
    timed: 'inside',
    compared: 'difference',
    targets: { [SDK]: 1.5 },
    contenders: {
      [OURS]: async () => {
        const { client, pipe, socket } = await ours();
        let text = '';
        const written = stopwatch(socket, (sent) => (text = sent));
        let count = 0;
        return () => {
          const ns = written(() => ask(client));
          const { metadata } = (JSON.parse(text) as { response: { metadata: object } }).response;
          answered(pipe, `resp_${count++}`, metadata);
          return ns;
        };
      },
      [SDK]: async () => {
        const { client, socket } = await sdk();
        const written = stopwatch(socket, () => undefined);
        const metadata = { gated_realtime: 'b1a2c3.1', purpose: 'benchmark' };
        const response = { metadata };
        return () =>
          written(() => void client.send({ type: 'response.create', event_id: 'gr_b1a2c3_1', response } as never));
      },
    },
  };
}

function stopwatch(socket: { send: unknown }, heard: (text: string) => void): (call: () => void) => number {
  let end = 0n;
  socket.send = (text: string) => {
    end = process.hrtime.bigint();
    heard(text);
  };
  return (call) => {
    const start = process.hrtime.bigint();
    call();
    return Number(end - start);
  };
}

/** The response comes and goes, so that the next may be asked for. */
function answered(pipe: Pipe, id: string, metadata: object): void {
  const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes.' }] }];
  const response = { id, conversation_id: 'conv_1', metadata, output, output_modalities: ['text'] };
  say(pipe, { type: 'response.created', response: { ...response, status: 'in_progress' } });
  say(pipe, { type: 'response.done', response: { ...response, status: 'completed' } });
}

/** A `response.done` with a spoken answer in it, and its usage. */
function endingResponse(): Row {
  const isDone = (frame: Buffer): boolean => frame.includes('"response.done"');
  const operation = (pipe: Pipe): Operation => {
    const all = framedAnswers();
    const last = answer.findIndex(isDone);
    let next = 0;
    return () => {
      const frames = all[next++ % all.length]!;
      for (const frame of frames.slice(0, last)) pipe.arrives(frame);
      const start = process.hrtime.bigint();
      pipe.arrives(frames[last]!);
      return Number(process.hrtime.bigint() - start);
    };
  };
  let ends = 0;
  return {
    name: 'a `response.done`',
    batch: 50,
    timed: 'inside',
    compared: 'ratio',
    contenders: {
      [OURS]: async () => {
        const { client, pipe } = await ours();
        client.on('response.done', () => void ends++);
        return operation(pipe);
      },
      [BARE]: async () => {
        const { client, pipe } = await bare();
        client.on('message', (data) => {
          if ((JSON.parse((data as Buffer).toString()) as Counted).type === 'response.done') ends++;
        });
        return operation(pipe);
      },
      [SDK]: async () => {
        const { client, pipe } = await sdk();
        client.on('response.done', () => void ends++);
        return operation(pipe);
      },
    },
  };
}

/** Whole sessions over real `ws` sockets: from the bytes of a WebSocket frame to the listener, and back. */
export const sessionRows: readonly Row[] = [
  inboundJson('events, a listener on every delta', 'listening', { [BARE]: 0.8, [SDK]: 1 }),
  inboundJson('events that nobody listens to', 'idle', { [BARE]: 0.95 }),
  inboundAudio('audio in as bytes, G.711 (2,000 B)', 2_000, 1.15),
  inboundAudio('audio in as bytes, PCM (12,000 B)', 12_000, 1.8),
  outbound('audio out, 160 B', 160, 3),
  outbound('audio out, 960 B', 960, 2.7),
  // `ws` finds it by itself where it is installed: `npm install --no-save bufferutil`.
  ...(hasBufferUtil() ? [outbound('audio out, 960 B, with `bufferutil`', 960, 3.5, { WS_NO_BUFFER_UTIL: '' })] : []),
  responding('`respond()` until its frame is written', (client) => void client.respond('benchmark')),
  responding('… with options', (client) => {
    client.respond('benchmark', { whenBlocked: 'hold-this-turn', response: { instructions: 'Say good morning.' } });
  }),
  endingResponse(),
];
