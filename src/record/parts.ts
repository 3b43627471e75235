import type { Disk } from './disk.js';

export interface PartsOptions {
  readonly disk: Disk;
  /** The path of the first part. */
  readonly path: string;
  /** The size in bytes above which a new part begins. */
  readonly rotateBytes: number;
  /** Writes the first line of a part. */
  readonly header: (part: number) => string;
}

/**
 * The files of one record. Each write has a fixed position until it is complete: if the process ends meanwhile, the
 * same bytes are written to the same place again.
 */
export class Parts {
  readonly #options: PartsOptions;
  #part = 0;
  #file = -1;
  /** How many bytes of the file are complete. */
  #position = 0;
  /** The bytes being written at that position. */
  #underWay: Uint8Array | null = null;

  /** Creates the first file. Throws if that fails. */
  constructor(options: PartsOptions) {
    this.#options = options;
    this.#begin();
  }

  get isBusy(): boolean {
    return this.#underWay !== null;
  }

  /** Writes whole lines. Only one call at a time. */
  async write(lines: string): Promise<void> {
    this.#place(lines);
    while (this.#underWay) {
      this.#advance(await this.#options.disk.write(this.#file, this.#underWay, this.#position));
    }
  }

  /** Writes the bytes in progress and more lines synchronously, because the process is ending. */
  writeNow(lines: string): void {
    this.#finishNow();
    this.#place(lines);
    this.#finishNow();
  }

  close(): void {
    if (this.#file >= 0) this.#options.disk.close(this.#file);
    this.#file = -1;
  }

  #finishNow(): void {
    while (this.#underWay) this.#advance(this.#options.disk.writeNow(this.#file, this.#underWay, this.#position));
  }

  /** Advances past written bytes, unless `writeNow()` has written them meanwhile. */
  #advance(count: number): void {
    if (!this.#underWay) return;
    this.#position += count;
    this.#underWay = count < this.#underWay.length ? this.#underWay.subarray(count) : null;
  }

  /** Makes room for lines, in a new part if this one has none left. */
  #place(lines: string): void {
    const bytes = Buffer.from(lines);
    if (bytes.length === 0) return;
    if (this.#position > 0 && this.#position + bytes.length > this.#options.rotateBytes) this.#begin();
    this.#underWay = this.#position === 0 ? Buffer.concat([this.#header(), bytes]) : bytes;
  }

  #header(): Uint8Array {
    return Buffer.from(`${this.#options.header(this.#part)}\n`);
  }

  #begin(): void {
    const { disk, path } = this.#options;
    const file = disk.create(pathOfPart(path, this.#part + 1));
    this.close();
    this.#file = file;
    this.#part++;
    this.#position = 0;
  }
}

/** The path of a part: `call.jsonl`, `call.2.jsonl`, `call.3.jsonl` … */
export function pathOfPart(path: string, part: number): string {
  if (part === 1) return path;
  const end = /\.[^./\\]+$/.exec(path)?.[0] ?? '';
  return `${path.slice(0, path.length - end.length)}.${part}${end}`;
}
