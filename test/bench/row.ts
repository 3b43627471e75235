export const OURS = 'gated-realtime';

/** One thing done by several contenders: the same work, over the same socket, with the same options. */
export interface Row {
  readonly name: string;
  /** Operations of one batch: some milliseconds of them. */
  readonly batch: number;
  /** Each makes its own operation, in a process of its own. Ours comes first. */
  readonly contenders: Readonly<Record<string, () => Promise<Operation>>>;
  /**
   * `batch`: processor time of the whole batch, with what it leaves for later, its promises and its garbage.
   * `inside`: an operation tells the nanoseconds that count, and the batch is the median of them.
   */
  readonly timed: 'batch' | 'inside';
  /** How many times as fast ours is to be, at least; or how many microseconds more it may take, at most. */
  readonly targets?: Readonly<Record<string, number>>;
  readonly compared: 'ratio' | 'difference';
  /** Environment of the processes: `ws` masks in JavaScript unless a row says otherwise. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What it returns is kept, so that nothing can be left out as unused. */
export type Operation = () => unknown;

let kept: unknown;
export const lastResult = (): unknown => kept;

/** Nanoseconds of one operation. */
export async function batchOf({ batch, timed }: Row, operation: Operation): Promise<number> {
  if (timed === 'inside') return insideOf(batch, operation);
  const start = process.cpuUsage();
  for (let count = 0; count < batch; count++) kept = operation();
  await new Promise(setImmediate);
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1_000) / batch;
}

async function insideOf(batch: number, operation: Operation): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < batch; count++) {
    times.push(operation() as number);
    await new Promise(setImmediate);
  }
  return times.sort((one, other) => one - other)[times.length >> 1]!;
}
