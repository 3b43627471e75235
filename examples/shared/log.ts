import { pino, type Logger } from 'pino';
import { printable } from './terminal.js';

/** The part of pino that the examples use. An error goes under `err`, the key that pino serializes as one. */
export interface Log {
  info(about: object, message: string): void;
  error(about: object, message: string): void;
}

export type LogLevel = 'info' | 'error' | 'silent';

/**
 * Logs one line of JSON for each event. Of an error it logs the messages, the stack and the code, but no other
 * properties: database drivers attach the row that failed, with a caller's name and number.
 */
export const pinoTo = (write: (line: string) => void, level: LogLevel): Logger =>
  pino({ level, serializers: { err: errorRecord } }, { write: (line) => write(`${printable(line.trimEnd())}\n`) });

export function errorRecord(error: unknown): { type: string; message: string; stack: string; code?: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' };
  const { code } = error as { readonly code?: unknown };
  return {
    type: error.name,
    message: withCauses(error),
    stack: error.stack ?? '',
    ...(typeof code === 'string' && { code }),
  };
}

const MOST_CAUSES = 5;

/** An error's message with its causes: `The call failed: connect ECONNREFUSED`. */
function withCauses(error: Error): string {
  const words = [error.message];
  let { cause } = error;
  while (cause instanceof Error && words.length <= MOST_CAUSES) {
    words.push(cause.message);
    cause = cause.cause;
  }
  return words.join(': ');
}
