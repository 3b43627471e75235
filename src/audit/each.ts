import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readText } from './text.js';

export interface Pass {
  readonly cwd: string;
  /** Relative to `cwd`. */
  readonly files: readonly string[];
  /** Called now and then with how many files are done, of how many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Opened {
  readonly path: string;
  /** Its text, or why it cannot be read. */
  readonly text: string | Error;
}

/**
 * Looks at one file after the other; some are read ahead. Between two files a signal of the process is heard.
 *
 * @throws The reason of `signal`, once that is aborted.
 */
export async function eachFile(pass: Pass, look: (file: Opened) => Promise<void>): Promise<void> {
  const { cwd, files, onProgress, signal } = pass;
  for (let at = 0; at < files.length; at += BATCH) {
    onProgress?.(at, files.length);
    for (const opened of await Promise.all(files.slice(at, at + BATCH).map((path) => open(cwd, path)))) {
      await setImmediate();
      signal?.throwIfAborted();
      await look(opened);
    }
  }
}
/** How many files are read at once. */
const BATCH = 100;

const open = async (cwd: string, path: string): Promise<Opened> => ({
  path,
  text: await readText(resolve(cwd, path)).catch((error: unknown) => error as Error),
});
