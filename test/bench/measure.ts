/** One thing done in several ways. `ours` is compared with every other; each way is one operation. */
export interface Row {
  readonly name: string;
  readonly ours: () => unknown;
  readonly others: Readonly<Record<string, () => unknown>>;
  /** How many times as fast ours is to be, at least. */
  readonly targets?: Readonly<Record<string, number>>;
  /** Operations that one way does before it is the next one's turn. */
  readonly batch: number;
}

export interface Result {
  readonly row: Row;
  /** Nanoseconds of one operation, at the median of all rounds. */
  readonly medians: Readonly<Record<string, number>>;
}

export const OURS = 'gated-realtime';

/** Round after round, every way has its turn, so that all of them meet the same machine. */
export async function measure(row: Row, rounds = 101): Promise<Result> {
  const ways = Object.entries({ [OURS]: row.ours, ...row.others });
  const times = new Map(ways.map(([name]) => [name, [] as number[]]));
  for (const [, way] of ways) for (let warm = 0; warm < 10; warm++) await timed(way, row.batch);
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of turned(ways, round)) times.get(name)?.push(await timed(way, row.batch));
  }
  return { row, medians: Object.fromEntries([...times].map(([name, each]) => [name, median(each)])) };
}

/** One way alone: nanoseconds of one operation, at the median. */
export async function measureAlone(row: Row, name: string, rounds = 61): Promise<number> {
  const way = name === OURS ? row.ours : row.others[name];
  if (!way) throw new Error(`Nobody is called '${name}' here.`);
  const times: number[] = [];
  for (let warm = 0; warm < 20; warm++) await timed(way, row.batch);
  for (let round = 0; round < rounds; round++) times.push(await timed(way, row.batch));
  return median(times);
}

/** Whoever comes first pays for what the one before it left behind; so it is not always the same. */
const turned = <Each>(list: readonly Each[], by: number): Each[] => {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
};

let kept: unknown;

/**
 * Processor time, which a busy machine does not stretch. What a way leaves for later, its promises and its garbage, is
 * part of what it costs: the time ends with the turn of the event loop.
 */
async function timed(way: () => unknown, batch: number): Promise<number> {
  const start = process.cpuUsage();
  for (let count = 0; count < batch; count++) kept = way();
  await new Promise(setImmediate);
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / batch;
}

/** The same of what leaves nothing for later: microseconds of one, of so many in one go. */
export function cpuOf(times: number, way: () => void): number {
  const start = process.cpuUsage();
  for (let count = 0; count < times; count++) way();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / times;
}

/** So that nothing measured can be left out as unused. */
export const lastResult = (): unknown => kept;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? NaN;
}

const HEAD = ['what', 'against', 'ours', 'theirs', 'ratio', 'target', ''];

/** One line for each comparison: medians, and how many times as fast ours is. */
export function table(results: readonly Result[]): string {
  const lines = results.flatMap(({ row, medians }) => {
    const ours = medians[OURS] ?? NaN;
    return Object.keys(row.others).map((name, index) => {
      const theirs = medians[name] ?? NaN;
      const target = row.targets?.[name];
      return [
        index === 0 ? row.name : '',
        name,
        nanoseconds(ours),
        nanoseconds(theirs),
        `${(theirs / ours).toFixed(2)} ×`,
        target === undefined ? '' : `${target} ×`,
        target === undefined ? '' : theirs / ours >= target ? 'reached' : 'missed',
      ];
    });
  });
  return markdown([HEAD, ...lines]);
}

/** A table; the first row is its head. */
export function markdown([head = [], ...lines]: readonly (readonly string[])[]): string {
  const rows = [head, head.map(() => '---'), ...lines];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`).join('\n');
}

/** Microseconds, as they are printed. */
export const us = (value: number): string => `${value.toFixed(1)} µs`;

const nanoseconds = (value: number): string =>
  value < 10_000 ? `${value.toFixed(0)} ns` : `${(value / 1000).toFixed(1)} µs`;
