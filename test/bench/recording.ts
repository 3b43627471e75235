/**
 * The cost of recording per frame: `npx tsx test/bench/recording.ts`. The same session without an observer and with
 * a recorder, in alternating batches, in processor time: until control returns to the network, and including the flush
 * (redaction, hashing, writing).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { connect } from '../../src/session/connect.js';
import { nodeDisk } from '../../src/record/disk.js';
import { recordOn, type RecordOptions } from '../../src/record/recorder.js';
import type { Clock, Ears, Observer } from '../../types/index.js';
import { answer, audioDelta } from './frames.js';
import { markdown, median } from './measure.js';

const ROUNDS = 61;
const folder = mkdtempSync(join(tmpdir(), 'bench-')) + sep;

/** A session that is fed by hand. `flush` does what its recorder would do after a tenth of a second. */
interface Fed {
  feed(frame: Buffer): void;
  flush(): Promise<void>;
}

async function fed(options: RecordOptions | null): Promise<Fed> {
  let due: (() => void) | null = null;
  const clock: Clock = {
    now: () => 0,
    after: (_ms, run) => {
      due = run;
      return () => undefined;
    },
  };
  const ground = { disk: nodeDisk, clock, bound: Infinity };
  const observe: Observer[] = options ? [recordOn(ground, folder, options)] : [];
  const heard: Ears[] = [];
  const transport = {
    open: (ears: Ears) => {
      heard.push(ears);
      return { send: () => undefined, close: () => undefined };
    },
  };
  const opening = connect({ transport: { open: async (ears) => transport.open(ears) }, observe });
  await new Promise(setImmediate);
  heard[0]?.frame(JSON.stringify({ type: 'session.created', session: {} }));
  await opening;
  return {
    feed: (frame) => heard[0]?.frame(frame),
    async flush() {
      due?.();
      due = null;
      for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    },
  };
}

interface Cost {
  readonly path: number;
  readonly whole: number;
}

async function batch(session: Fed, frames: readonly Buffer[], times: number): Promise<Cost> {
  const count = frames.length * times;
  const start = process.cpuUsage();
  for (let time = 0; time < times; time++) for (const frame of frames) session.feed(frame);
  const path = spent(start) / count;
  await session.flush();
  return { path, whole: spent(start) / count };
}

/** Microseconds of processor time. */
function spent(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

const ways: Readonly<Record<string, RecordOptions | null>> = {
  'no observer': null,
  'recorded as usual': {},
  'audio hashed': { audio: 'hashed' },
  'everything kept': { audio: 'kept', content: 'kept' },
};

async function row(name: string, frames: readonly Buffer[], times: number): Promise<string[][]> {
  const sessions = await Promise.all(Object.values(ways).map(fed));
  const costs = sessions.map((): Cost[] => []);
  for (let round = 0; round < ROUNDS + 5; round++) {
    for (const [index, session] of sessions.entries()) {
      const cost = await batch(session, frames, times);
      if (round >= 5) costs[index]?.push(cost);
    }
  }
  const [none = []] = costs;
  return Object.keys(ways).map((way, index) => {
    const more = (of: keyof Cost): string => {
      const each = (costs[index] ?? []).map((cost, round) => cost[of] - (index === 0 ? 0 : (none[round]?.[of] ?? 0)));
      return `${index === 0 ? '' : '+ '}${median(each).toFixed(2)} µs`;
    };
    return [index === 0 ? name : '', way, more('path'), more('whole')];
  });
}

const rows = [
  ['a frame', '', 'before the next is read', 'with its flush'],
  ...(await row('audio, 2,000 B of G.711', [audioDelta(2_000)], 2_000)),
  ...(await row(
    'an answer, its JSON alone',
    answer.map((frame) => Buffer.from(frame)),
    100,
  )),
];
process.stdout.write(`${markdown(rows)}\n`);
rmSync(folder, { recursive: true });
process.exit(0);
