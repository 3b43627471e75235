import type { WebSocket } from 'ws';
import type { Ears, Line } from '../../../types/index.js';
import { brief } from './credentials.js';
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
      if (socket.readyState === socket.OPEN) socket.send(text, ignore);
      else ending.hasten();
    },
    ping() {
      if (socket.readyState === socket.OPEN) socket.ping(undefined, undefined, ignore);
      else ending.hasten();
    },
    close(code, reason) {
      if (!ending.hasten()) return;
      socket.close(code, withinFrame(reason));
    },
  };
}

/** How long the peer may take to answer a close. */
export const CLOSE_WITHIN_MS = 3_000;

/** How long the TCP connection may take to close after it was destroyed. */
const GONE_WITHIN_MS = 1_000;

/** The code that the socket reports when no close frame came. */
const NO_CLOSE_FRAME = 1006;

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
    timer = setTimeout(() => end(NO_CLOSE_FRAME, 'the connection did not close in time'), GONE_WITHIN_MS);
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

/** Cuts a close reason to the 123 bytes that a close frame holds. */
function withinFrame(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
  return text;
}
