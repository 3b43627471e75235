import type { Terminal } from './run.js';

/** Says how far long work is where somebody is watching, and takes the line away at its end. */
export async function watched<Result>(
  { progress }: Terminal,
  work: (onProgress: (done: number, total: number) => void) => Promise<Result>,
): Promise<Result> {
  try {
    return await work((done, total) =>
      progress?.(`${done.toLocaleString('en')} of ${total.toLocaleString('en')} files`),
    );
  } finally {
    progress?.('');
  }
}
