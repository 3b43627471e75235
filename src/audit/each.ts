import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { mayHoldAny } from '../detector/index.js';
import { asciiIn, textOf } from './text.js';

export interface Pass {
  readonly cwd: string;
  /** Paths relative to `cwd`. */
  readonly files: readonly string[];
  /** Called after every file with the number done and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Opened {
  readonly path: string;
  /** The file's text, or why it cannot be read. */
  readonly text: string | Error;
}

/**
 * Looks at one file after the other; some are read ahead.
 *
 * @throws The reason of `signal`, once that is aborted.
 */
export async function eachFile(pass: Pass, look: (file: Opened) => Promise<void>): Promise<void> {
  const { cwd, files, onProgress, signal } = pass;
  let done = 0;
  for (let at = 0; at < files.length; at += BATCH) {
    for (const opened of await Promise.all(files.slice(at, at + BATCH).map((path) => open(cwd, path)))) {
      signal?.throwIfAborted();
      await look(opened);
      onProgress?.((done += 1), files.length);
      // Parsing blocks the thread, and without a pause no signal arrives.
      await setImmediate();
    }
  }
}
/** How many files are read at once. */
const BATCH = 20;

const open = async (cwd: string, path: string): Promise<Opened> => ({
  path,
  text: await searchable(resolve(cwd, path)).catch((error: unknown) => error as Error),
});

/** The text of a file in any encoding: one that contains none of the words need not be decoded properly. */
async function searchable(file: string): Promise<string> {
  const bytes = await readFile(file);
  try {
    return textOf(bytes);
  } catch (error) {
    if (mayHoldAny(asciiIn(bytes))) throw error;
    return '';
  }
}
