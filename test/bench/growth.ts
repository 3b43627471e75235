/** Measures whether the cost of something grows with its number: all sizes in one process, in turn. */
import { bare, ours, say } from './contenders.js';
import { answer, audioDelta, framedAnswers } from './frames.js';
import { markdown, median, us } from './measure.js';
import { framed, type Pipe } from './pipe.js';

/** Microseconds per operation, by size. */
interface Growth {
  readonly what: string;
  readonly sizes: readonly number[];
  readonly us: readonly number[];
}

const ROUNDS = 31;

export async function growth(): Promise<readonly Growth[]> {
  return [
    await responsesInCall(),
    await connections('an audio delta, to each of so many sessions', session),
    await connections('the same, to so many sockets of bare `ws`', socket),
    await held(),
  ];
}

/** A response from `created` to `done`, in calls that have had this many before. */
async function responsesInCall(): Promise<Growth> {
  const sizes = [10, 100, 1_000, 10_000];
  const answers = framedAnswers();
  const calls = [];
  for (const size of sizes) {
    const { pipe } = await ours();
    let next = 0;
    const cycle = (): void => {
      for (const frame of answers[next++ % answers.length]!) pipe.arrives(frame);
    };
    for (let count = 0; count < size; count++) {
      cycle();
      if (count % 50 === 0) await new Promise(setImmediate);
    }
    calls.push(cycle);
  }
  // While they are measured, each call has 155 answers more.
  return { what: 'an answer, in a call that has had so many', sizes, us: await inTurn(calls, 5) };
}

/** A session that hears audio, in an answer. */
async function session(): Promise<Pipe> {
  const { pipe, client } = await ours();
  client.on('audio', () => undefined);
  say(pipe, JSON.parse(answer[0]!.toString()) as object);
  return pipe;
}

async function socket(): Promise<Pipe> {
  const { pipe, client } = await bare();
  client.on('message', (data) => {
    const { delta } = JSON.parse((data as Buffer).toString()) as { readonly delta: string };
    return Buffer.from(delta, 'base64');
  });
  return pipe;
}

/** An audio delta to each of this many connections. */
async function connections(what: string, open: () => Promise<Pipe>): Promise<Growth> {
  const sizes = [1, 10, 100, 1_000];
  const all: Pipe[] = [];
  const delta = framed(audioDelta(160));
  for (let count = 0; count < Math.max(...sizes); count++) all.push(await open());
  const ways = sizes.map((size) => {
    let next = 0;
    return () => all[next++ % size]!.arrives(delta);
  });
  return { what, sizes, us: await inTurn(ways, 2_000) };
}

/** A server event while this many requests wait. */
async function held(): Promise<Growth> {
  const sizes = [1, 16, 128, 1_000];
  const ways = [];
  for (const size of sizes) {
    const { pipe, client } = await ours({ held: 2_000 });
    for (const frame of answer.slice(0, 4)) pipe.arrives(framed(frame));
    for (let count = 0; count < size; count++) client.respond('benchmark');
    const limits = framed(answer.at(-1)!);
    ways.push(() => pipe.arrives(limits));
  }
  return { what: 'an event, while so many requests wait', sizes, us: await inTurn(ways, 200) };
}

async function inTurn(ways: readonly (() => void)[], batch: number): Promise<number[]> {
  const times = ways.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, way] of ways.entries()) {
      const start = process.cpuUsage();
      for (let count = 0; count < batch; count++) way();
      await new Promise(setImmediate);
      const { user, system } = process.cpuUsage(start);
      if (round > ROUNDS / 3) times[index]!.push((user + system) / batch);
    }
  }
  return times.map(median);
}

export function growthTable(all: readonly Growth[]): string {
  const rows = all.map(({ what, sizes, us: times }) => [
    what,
    ...sizes.map((size, at) => `${size.toLocaleString('en')}: ${us(times[at]!)}`),
  ]);
  return markdown([['growth', '', '', '', ''], ...rows]);
}
