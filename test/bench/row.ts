export const OURS = 'gated-realtime';

/** One task done by several contenders: the same work, over the same socket, with the same options. */
export interface Row {
  readonly name: string;
  /** How many operations make one batch of some milliseconds. */
  readonly batch: number;
  /** Each contender builds its operation in a process of its own. Ours comes first. */
  readonly contenders: Readonly<Record<string, () => Promise<Operation>>>;
  /**
   * `batch`: processor time of the whole batch, including the work that it leaves for later, its promises and its
   * garbage. `inside`: an operation returns its own nanoseconds, and the batch is their median.
   */
  readonly timed: 'batch' | 'inside';
  /** How many times as fast ours must be, or how many microseconds more it may take. */
  readonly targets?: Readonly<Record<string, number>>;
  readonly compared: 'ratio' | 'difference';
  /** Environment variables of the processes. `ws` masks in JavaScript unless a row says otherwise. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Returns a value that is kept, so that nothing is optimised away as unused. */
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
