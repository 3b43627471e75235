import type { Ears, Line } from '../../../types/index.js';
import { CLOSE_WITHIN_MS, NO_CLOSE_FRAME, NOT_IN_TIME, withinFrame } from '../closing.js';
import { brief } from '../credential-places.js';
import type { PlatformSocket } from './platform.js';

const OPEN = 1;

/** An open socket as a line. Its first frame is heard in a later macrotask: whoever awaits the line has it by then. */
export function lineOver(socket: PlatformSocket, secrets: readonly string[], ears: Ears): Line {
  const later = afterThisTask();
  const ending = endingOf(socket, (code, reason) =>
    later(() => ears.gone({ code: isCloseCode(code) ? code : null, reason: brief(reason, secrets) })),
  );
  socket.addEventListener('message', ({ data }) => {
    if (!ending.isOver())
      later(() => ears.frame(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer)));
  });
  const line: Line = {
    secrets,
    send(text) {
      attempt(ending, () => {
        if (socket.readyState === OPEN) socket.send(text);
        else ending.hasten();
      });
    },
    close(code, reason) {
      if (ending.hasten()) attempt(ending, () => socket.close(allowed(code), withinFrame(reason)));
    },
  };
  if (socket.bufferedAmount === undefined) return line;
  return Object.defineProperty(line, 'unsentBytes', { get: () => socket.bufferedAmount, enumerable: true });
}

/** What fails is reported by the end of the line. */
function attempt(ending: Ending, action: () => void): void {
  try {
    action();
  } catch {
    ending.hasten();
  }
}

/** Where no close frame came, most platforms say 1006, and Deno says 0. */
const isCloseCode = (code: number): boolean => code >= 1000 && code !== NO_CLOSE_FRAME;

/** Platforms let a program close with these codes alone. */
const allowed = (code: number): number => (code === 1000 || (code >= 3000 && code < 5000) ? code : 1000);

interface Ending {
  isOver(): boolean;
  /** Sets a time at which the line ends whatever happens. False where one was set before, or it has ended. */
  hasten(): boolean;
}

/** Tells once that the socket has ended, or was given up: a platform has no way to cut it off. */
function endingOf(socket: PlatformSocket, tell: (code: number, reason: string) => void): Ending {
  let lastError = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let state: 'open' | 'closing' | 'over' = 'open';
  const end = (code: number, reason: string): void => {
    if (state === 'over') return;
    state = 'over';
    clearTimeout(timer);
    tell(code, reason || lastError);
  };
  const hasten = (): boolean => {
    if (state !== 'open') return false;
    state = 'closing';
    timer = setTimeout(() => end(NO_CLOSE_FRAME, NOT_IN_TIME), CLOSE_WITHIN_MS);
    return true;
  };
  socket.addEventListener('error', ({ message }) => {
    if (typeof message === 'string') lastError = message;
    hasten();
  });
  socket.addEventListener('close', ({ code, reason }) => end(Number(code), typeof reason === 'string' ? reason : ''));
  return {
    isOver: () => state === 'over',
    hasten,
  };
}

/** Runs what it is given in order, and none of it within this task. */
function afterThisTask(): (run: () => void) => void {
  let held: (() => void)[] | null = [];
  setTimeout(() => {
    const first = held ?? [];
    held = null;
    for (const run of first) run();
  }, 0);
  return (run) => {
    if (held) held.push(run);
    else run();
  };
}
