import type { WebSocket } from 'ws';
import type { Ears, Line } from '../../../types/index.js';
import { CLOSE_WITHIN_MS, NO_CLOSE_FRAME, NOT_IN_TIME, withinFrame } from '../closing.js';
import { brief } from '../credential-places.js';
import type { Dialled } from './dial.js';
import { wordsOf } from './unreachable.js';

/**
 * Wraps an open socket as a line. Its first frame is delivered in a later macrotask, when the caller that awaits the
 * line has it.
 */
export function lineOver({ socket, secrets: credentials }: Dialled, ears: Ears): Line {
  const secrets = credentials();
  const ending = endingOf(socket, secrets, ears);
  socket.on('message', (data) => ears.frame(data as Buffer));
  for (const sign of ['ping', 'pong'] as const) socket.on(sign, () => ears.alive?.());
  socket.pause();
  setImmediate(() => socket.resume());
  return {
    secrets,
    get unsentBytes() {
      return socket.bufferedAmount;
    },
    send(text) {
      // Without a callback, since a stream makes a closure for each write that has one. The end of the line tells its errors.
      if (socket.readyState === socket.OPEN) socket.send(text);
      else ending.hasten();
    },
    ping() {
      if (socket.readyState === socket.OPEN) socket.ping();
      else ending.hasten();
    },
    close(code, reason) {
      if (!ending.hasten()) return;
      socket.close(code, withinFrame(reason));
    },
  };
}

/** How long the TCP connection may take to close after it was destroyed. */
const GONE_WITHIN_MS = 1_000;

interface Ending {
  /** Sets a deadline for the end of the line. Returns false if one was set before, or the line has ended. */
  hasten(): boolean;
}

/** Reports the end of the line once. Cuts off a peer that has ended only its own direction. */
function endingOf(socket: WebSocket, secrets: readonly string[], ears: Ears): Ending {
  let lastError = '';
  let timer: NodeJS.Timeout | undefined;
  const end = (code: number, reason: string): void => {
    clearTimeout(timer);
    socket.removeAllListeners();
    socket.on('error', ignore);
    ears.gone({ code: code === NO_CLOSE_FRAME ? null : code, reason: brief(reason || lastError, secrets) });
  };
  const cutOff = (): void => {
    socket.terminate();
    timer = setTimeout(() => end(NO_CLOSE_FRAME, NOT_IN_TIME), GONE_WITHIN_MS);
  };
  socket.on('error', (error: unknown) => (lastError = wordsOf(error)));
  socket.on('close', (code, reason) => end(code, reason.toString()));
  return {
    hasten() {
      if (timer || socket.readyState === socket.CLOSED) return false;
      timer = setTimeout(cutOff, CLOSE_WITHIN_MS);
      return true;
    },
  };
}

/** Ignores send errors: the end of the line reports them. */
const ignore = (): void => undefined;
