import type { Ears, Gone, Line } from '../../../types/index.js';
import { brief } from './credentials.js';
import type { Dialled } from './dial.js';
import { wordsOf } from './unreachable.js';

/** An open socket as a line. Its first frame is heard in a later macrotask: whoever awaits the line has it by then. */
export function lineOver({ socket, secrets: credentials }: Dialled, ears: Ears): Line {
  const secrets = credentials();
  let lastError = '';
  let impatience: NodeJS.Timeout | undefined;
  socket.on('error', (error: unknown) => (lastError = wordsOf(error)));
  socket.on('message', (data) => ears.frame(data as Buffer));
  socket.on('close', (code, reason) => ears.gone(howItWent(code, brief(reason.toString() || lastError, secrets))));
  for (const sign of ['ping', 'pong'] as const) socket.on(sign, () => ears.alive?.());
  socket.pause();
  setImmediate(() => socket.resume());
  return {
    secrets,
    get unsentBytes() {
      return socket.bufferedAmount;
    },
    ping() {
      if (socket.readyState === socket.OPEN) socket.ping(undefined, undefined, ignore);
    },
    send(text) {
      if (socket.readyState === socket.OPEN) socket.send(text, ignore);
    },
    close(code, reason) {
      if (impatience || socket.readyState === socket.CLOSED) return;
      socket.close(code, withinFrame(reason));
      // Also where the other side has begun to close, and does not come to its end.
      impatience = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS);
      socket.once('close', () => clearTimeout(impatience));
    },
  };
}

/** How long the other side may take to answer a close. */
export const CLOSE_WITHIN_MS = 3_000;

/** What the socket reports where no close frame came. */
const NO_CLOSE_FRAME = 1006;

const howItWent = (code: number, reason: string): Gone => ({ code: code === NO_CLOSE_FRAME ? null : code, reason });

/** What fails to be sent is reported by the end of the line. */
const ignore = (): void => undefined;

/** A close frame holds 123 bytes of reason. */
function withinFrame(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
  return text;
}
