/** A session with a scripted server, recorded on a disk in memory, on a clock that is moved by hand. */
import { connect } from '../../src/session/connect.js';
import { virtualClock } from '../../src/simulator/clock.js';
import { recordOn, type RecordOptions } from '../../src/record/recorder.js';
import type { Disk } from '../../src/record/disk.js';
import type { ConfirmedSession, SessionPlan } from '../../types/index.js';
import { ServerByHand, settles } from '../session/by-hand.js';

/** A disk in memory that can be full, or slow. */
export class MemoryDisk implements Disk {
  readonly files = new Map<string, Buffer>();
  readonly folders = new Set<string>();
  /** The bytes that fit on it. */
  room = Infinity;
  /** While it is `slow`, writes wait. */
  speed: 'quick' | 'slow' = 'quick';
  readonly #open: (string | null)[] = [];

  get isAnyOpen(): boolean {
    return this.#open.some((path) => path !== null);
  }
  text(path: string): string {
    return this.files.get(path)?.toString() ?? '';
  }
  lines(path: string): Record<string, unknown>[] {
    return this.text(path)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  isFolder(path: string): boolean {
    return this.folders.has(path);
  }
  makeFolder(path: string): void {
    this.folders.add(path.replace(/\/$/, ''));
  }
  create(path: string): number {
    if (this.files.has(path)) throw new Error(`EEXIST: file already exists, open '${path}'`);
    this.files.set(path, Buffer.alloc(0));
    return this.#open.push(path) - 1;
  }
  async write(file: number, bytes: Uint8Array, position: number): Promise<number> {
    if (this.speed === 'slow') await new Promise(() => undefined);
    return this.writeNow(file, bytes, position);
  }
  writeNow(file: number, bytes: Uint8Array, position: number): number {
    const path = this.#open[file]!;
    const used = [...this.files.values()].reduce((sum, { length }) => sum + length, 0);
    if (used + bytes.length > this.room) throw new Error('ENOSPC: no space left on device, write');
    // A disk may accept fewer bytes than it is given.
    const taken = bytes.subarray(0, Math.min(bytes.length, 1_000));
    const before = this.files.get(path)!;
    this.files.set(
      path,
      Buffer.concat([before.subarray(0, position), taken, before.subarray(position + taken.length)]),
    );
    return taken.length;
  }
  close(file: number): void {
    this.#open[file] = null;
  }
}

export interface Recorded {
  readonly session: ConfirmedSession<string>;
  readonly server: ServerByHand;
  readonly disk: MemoryDisk;
  readonly faults: Error[];
  /** The recorder's own clock. */
  readonly clock: ReturnType<typeof virtualClock>;
  /** Waits until the next flush has been written. */
  flush(): Promise<void>;
}

export async function recorded(
  options: RecordOptions = {},
  {
    where = '/calls/call.jsonl',
    plan = {},
    disk = new MemoryDisk(),
    bound = 1_000_000,
  }: Partial<{
    readonly where: string;
    readonly plan: SessionPlan;
    readonly disk: MemoryDisk;
    readonly bound: number;
  }> = {},
): Promise<Recorded> {
  const server = new ServerByHand();
  const clock = virtualClock();
  const observer = recordOn({ disk, clock, bound }, where, options);
  const unconfirmed = await connect({
    ...{ transport: server, clock: server.clock, model: 'gpt-realtime-2.1', callId: 'call_7', observe: [observer] },
  });
  const configuring = unconfirmed.configure(plan);
  server.confirms();
  const session: ConfirmedSession<string> = await configuring;
  const faults: Error[] = [];
  session.on('fault', (error) => faults.push(error));
  server.clock.advance(0);
  const flush = async (): Promise<void> => {
    clock.advance(100);
    for (let turns = 0; turns < 40; turns++) await settles();
  };
  return { session, server, disk, faults, clock, flush };
}
