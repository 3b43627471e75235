import type { Terminal } from './run.js';

/** Shows the progress of long work if somebody is watching. If stopped, says what was not looked at. */
export async function watched<Result>(
  { progress, complain, signal }: Terminal,
  work: (onProgress: (done: number, total: number) => void) => Promise<Result>,
): Promise<Result> {
  let left = 0;
  let of = '';
  let shown = -Infinity;
  const onProgress = (done: number, total: number): void => {
    left = total - done;
    of = total.toLocaleString('en');
    if (performance.now() - shown < PROGRESS_MS) return;
    shown = performance.now();
    progress?.(`${done.toLocaleString('en')} of ${of} files`);
  };
  try {
    return await work(onProgress).finally(() => progress?.(''));
  } catch (error) {
    if (signal.aborted) {
      complain(left > 0 ? `Stopped: ${left.toLocaleString('en')} of ${of} files were not looked at.` : 'Stopped.');
    }
    throw error;
  }
}
const PROGRESS_MS = 100;
