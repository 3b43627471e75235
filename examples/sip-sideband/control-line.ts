import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError } from 'gated-realtime';
import { openSession, type WsOptions } from 'gated-realtime/ws';
import type { answeringService } from './answering-service.js';

type Line = WsOptions & ReturnType<typeof answeringService> & { readonly signal: AbortSignal };

/** The wait before each further attempt, in milliseconds; in total less than a caller waits for the first word. */
const DELAYS_MS = [150, 300, 600];

/**
 * Connects to a call that has just been accepted. For a moment the server may not know the call and answers 404: such a
 * refusal is passed to `onRefusal`, and the connection is tried again. Rejects with the last refusal.
 */
export async function openControlLine(line: Line, onRefusal: (error: ConnectError) => void) {
  for (const delay of DELAYS_MS) {
    try {
      return await openSession(line);
    } catch (error) {
      if (!mayPass(error)) throw error;
      onRefusal(error);
    }
    await sleep(delay, undefined, { signal: line.signal });
  }
  return openSession(line);
}

/** Whether another attempt may succeed: not if the key or the request is wrong. */
function mayPass(error: unknown): error is ConnectError {
  if (!(error instanceof ConnectError)) return false;
  const { failure } = error;
  if (failure.kind === 'unreachable') return true;
  return failure.kind === 'refused' && (PASSING.has(failure.status ?? 0) || (failure.status ?? 0) >= 500);
}

/** Statuses that may pass: not found yet, request timeout, conflict, too early, too many requests. */
const PASSING = new Set([404, 408, 409, 425, 429]);
