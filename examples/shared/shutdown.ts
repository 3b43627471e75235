import type { Log } from './log.js';
import { within } from './within.js';

export interface ShutdownOptions {
  /** Closes everything in order: calls first, then what they need. */
  readonly close: () => Promise<unknown>;
  readonly log: Log;
  /** The process ends after this many milliseconds, whatever is still running. Default 30,000. */
  readonly withinMs?: number;
  /** Who receives the signals. Default: this process. */
  readonly host?: Pick<NodeJS.Process, 'on' | 'exit'>;
}

/**
 * Closes on SIGTERM or SIGINT, once, and then ends the process: with 0, or with 1 if closing failed or took too long. A
 * second signal ends it at once.
 */
export function closeOnSignal({ close, log, withinMs = 30_000, host = process }: ShutdownOptions): void {
  let state: 'running' | 'closing' = 'running';
  const shutDown = async (signal: string): Promise<void> => {
    if (state === 'closing') return void host.exit(1);
    state = 'closing';
    log.info({ signal }, 'shutting down');
    try {
      await within(withinMs, close());
      host.exit(0);
    } catch (err) {
      log.error({ err }, 'shutting down failed');
      host.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) host.on(signal, () => void shutDown(signal));
}
