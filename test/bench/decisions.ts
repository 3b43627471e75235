import { Decisions } from '../../src/session/decisions.js';
import { done, given } from '../machine/bench.js';
import { ours, say } from './contenders.js';
import { cpuOf, markdown, median, us } from './measure.js';

type Contender = Awaited<ReturnType<typeof ours>>;

/** The cost of decision records. */
export interface DecisionCost {
  /** Microseconds of a whole request, asked, created and done, without listeners for decisions. */
  readonly unheard: number;
  /** The additional cost with a listener, measured batch by batch. */
  readonly more: number;
  /** Microseconds to build one decision from the machine's notices. */
  readonly composing: number;
}

const ROUNDS = 201;
const BATCH = 50;

/** One session, with alternating batches without and with a listener. */
export async function decisionCost(): Promise<DecisionCost> {
  const mine = await ours();
  const request = requests(mine);
  const times = { unheard: [] as number[], more: [] as number[] };
  let told = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = await timed(request);
    const stop = mine.client.on('decision', () => void told++);
    const heard = await timed(request);
    stop();
    const after = await timed(request);
    if (round < ROUNDS / 4) continue;
    times.unheard.push(before);
    times.more.push(heard - (before + after) / 2);
  }
  if (told !== ROUNDS * BATCH) throw new Error(`${told} decisions were told.`);
  return { unheard: median(times.unheard), more: median(times.more), composing: composing() };
}

/** Microseconds of processor time for one. */
async function timed(request: () => void): Promise<number> {
  const start = process.cpuUsage();
  for (let count = 0; count < BATCH; count++) request();
  await new Promise(setImmediate);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / BATCH;
}

/** In text, so that the response has some output. */
const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes.' }] }];
const usage = { input_tokens: 300, output_tokens: 200 };

function requests({ client, pipe, socket }: Contender): () => void {
  let text = '';
  socket.send = ((data: string) => void (text = data)) as never;
  let count = 0;
  return () => {
    client.respond('benchmark');
    const { metadata } = (JSON.parse(text) as { response: { metadata: object } }).response;
    const id = `resp_${count++}`;
    const response = { id, conversation_id: 'conv_1', metadata, output, output_modalities: ['text'], usage };
    say(pipe, { type: 'response.created', response: { ...response, status: 'in_progress' } });
    say(pipe, { type: 'response.done', response: { ...response, status: 'completed' } });
  };
}

const TIMES = 5_000;

/** Builds decisions from the notices of one request, repeatedly. */
function composing(): number {
  const bench = given();
  bench.speaks('benchmark', 'resp_1');
  bench.reads(done('resp_1', 'completed', { usage }));
  const steps = bench.notices.map((notice) => [notice]);
  const decisions = new Decisions({ callId: null, startedAt: 0, wallTime: 0 });
  const times: number[] = [];
  for (let round = 0; round < 41; round++) {
    const compose = (): void =>
      steps.forEach((notices) => void decisions.told(decisions.note(notices, round), 'sess_1'));
    times.push(cpuOf(TIMES, compose));
  }
  return median(times);
}

export function decisionTable({ unheard, more, composing: alone }: DecisionCost): string {
  return markdown([
    ['what', 'in all', 'of it: its decision', 'more where somebody listens'],
    ['a request: asked, created, done', us(unheard), us(alone), us(more)],
  ]);
}
