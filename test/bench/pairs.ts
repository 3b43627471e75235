/**
 * Compares contenders side by side: each in a process of its own, warmed up, all on one core, one batch each in
 * turn. Two processes run one after the other differ by a third on a shared machine, but alternating batches do not, so
 * ratios are taken batch by batch.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { markdown, spreadOf, type Spread } from './measure.js';
import { batchOf, OURS, type Row } from './row.js';

/** The batches per contender that are measured, in each generation of processes. */
const BATCHES = 21;
const GENERATIONS = 3;
/** The batches before them, so that each process has met the caches that the others leave. */
const SETTLING = 5;
/** The processor time that each process works before it is ready: until then most of it is compilation. Milliseconds. */
const WARM_MS = 3_000;

/** Nanoseconds of one operation, batch by batch, by contender. */
export interface Paired {
  readonly row: Row;
  readonly times: Readonly<Record<string, readonly number[]>>;
}

export async function measurePaired(row: Row): Promise<Paired> {
  const names = Object.keys(row.contenders);
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const processes = await Promise.all(names.map((name) => start(row, name)));
    for (let batch = -SETTLING; batch < BATCHES; batch++) {
      for (const place of shuffled(names.length)) {
        const ns = await ask(processes[place]!);
        if (batch >= 0) times[names[place]!]!.push(ns);
      }
    }
    for (const child of processes) child.kill();
  }
  return { row, times };
}

/** The places in any order: a contender meets the caches that the one before has left. */
export function shuffled(count: number): readonly number[] {
  const places = Array.from({ length: count }, (_, place) => ({ place, at: Math.random() }));
  return places.sort((one, other) => one.at - other.at).map(({ place }) => place);
}

async function start(row: Row, name: string): Promise<ChildProcess> {
  const child = onCore(0, { ...row.env, BENCH_CONTENDER: JSON.stringify([row.name, name]) });
  await once(child, 'message');
  return child;
}

async function ask(child: ChildProcess): Promise<number> {
  child.send('a batch');
  return ((await once(child, 'message')) as [number])[0];
}

/** Starts this program again, on one core if the system supports that. */
export function onCore(core: number, env: Readonly<Record<string, string>>): ChildProcess {
  const command = [process.execPath, '--expose-gc', process.argv[1]!];
  const pinned = hasTaskset ? ['taskset', '--cpu-list', String(core), ...command] : command;
  return spawn(pinned[0]!, pinned.slice(1), {
    env: { WS_NO_BUFFER_UTIL: '1', ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

/** Runs as the process of one contender: prepares its operation, and runs a batch on each request. */
export async function contend(rows: readonly Row[], asked: string): Promise<void> {
  const [rowName, name] = JSON.parse(asked) as [string, string];
  const row = rows.find((each) => each.name === rowName)!;
  const operation = await row.contenders[name]!();
  for (let spent = 0; spent < WARM_MS * 1_000; spent = processorTime()) await batchOf(row, operation);
  process.on('message', () => void batchOf(row, operation).then((ns) => process.send!(ns)));
  process.send!('ready');
  await once(process, 'disconnect');
}

/** Of this process. Microseconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const HEAD = ['what', 'against', 'ours', 'theirs', 'compared', 'spread', 'aim', ''];

/** One line per comparison: medians, and the ratio batch by batch, with its middle four fifths. */
export const pairedTable = (all: readonly Paired[]): string => markdown([HEAD, ...all.flatMap(linesOf)]);

function linesOf({ row, times }: Paired): string[][] {
  const ours = times[OURS]!;
  const others = Object.keys(row.contenders).filter((name) => name !== OURS);
  return others.map((name, index) => {
    const theirs = times[name]!;
    const compared = spreadOf(ours.map((mine, batch) => compare(row, mine, theirs[batch]!)));
    const target = row.targets?.[name];
    return [
      index === 0 ? row.name : '',
      name,
      nanoseconds(spreadOf(ours).median),
      nanoseconds(spreadOf(theirs).median),
      shown(row, compared.median),
      `${shown(row, compared.low)} to ${shown(row, compared.high)}`,
      target === undefined ? '' : shown(row, target),
      target === undefined ? '' : verdictOn(row, compared, target),
    ];
  });
}

const compare = ({ compared }: Row, ours: number, theirs: number): number =>
  compared === 'ratio' ? theirs / ours : (ours - theirs) / 1_000;

const shown = ({ compared }: Row, value: number): string =>
  compared === 'ratio' ? `${value.toFixed(2)} ×` : `${value < 0 ? '−' : '+'} ${Math.abs(value).toFixed(1)} µs`;

const verdictOn = ({ compared }: Row, { median }: Spread, target: number): string =>
  (compared === 'ratio' ? median >= target : median <= target) ? 'reached' : 'missed';

const nanoseconds = (value: number): string =>
  value < 10_000 ? `${value.toFixed(0)} ns` : `${(value / 1_000).toFixed(1)} µs`;
