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
export function lineOver({ socket, secrets }: Dialled, ears: Ears): Line {
  const line = new WsLine(socket, secrets(), ears);
  socket.pause();
  setImmediate(() => socket.resume());
  return line;
}

/** How long the TCP connection may take to close after it was destroyed. */
const GONE_WITHIN_MS = 1_000;

/** Reports the end of the line once. Cuts off a peer that has ended only its own direction. */
class WsLine implements Line {
  readonly secrets: readonly string[];
  readonly #socket: WebSocket;
  readonly #ears: Ears;
  #lastError = '';
  /** Cuts the line off; null: nobody is ending it. */
  #deadline: NodeJS.Timeout | null = null;

  constructor(socket: WebSocket, secrets: readonly string[], ears: Ears) {
    this.secrets = secrets;
    this.#socket = socket;
    this.#ears = ears;
    const alive = (): void => ears.alive?.();
    socket.on('message', (data) => ears.frame(data as Buffer));
    socket.on('ping', alive);
    socket.on('pong', alive);
    socket.on('error', (error: unknown) => (this.#lastError = wordsOf(error)));
    socket.on('close', (code, reason) => this.#end(code, reason.toString()));
  }

  get unsentBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Without a callback, since a stream makes a closure for each write that has one. The end of the line tells its errors. */
  send(text: string): void {
    if (this.#isOpen) this.#socket.send(text);
    else this.#hasten();
  }

  ping(): void {
    if (this.#isOpen) this.#socket.ping();
    else this.#hasten();
  }

  close(code: number, reason: string): void {
    if (this.#hasten() === 'begun') this.#socket.close(code, withinFrame(reason));
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Sets a deadline for the end of the line, unless one was set before, or the line has ended. */
  #hasten(): 'begun' | 'already' {
    if (this.#deadline || this.#socket.readyState === this.#socket.CLOSED) return 'already';
    this.#deadline = setTimeout(() => this.#cutOff(), CLOSE_WITHIN_MS);
    return 'begun';
  }

  #cutOff(): void {
    this.#socket.terminate();
    this.#deadline = setTimeout(() => this.#end(NO_CLOSE_FRAME, NOT_IN_TIME), GONE_WITHIN_MS);
  }

  #end(code: number, reason: string): void {
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#socket.removeAllListeners();
    this.#socket.on('error', ignore);
    const said = brief(reason || this.#lastError, this.secrets);
    this.#ears.gone({ code: code === NO_CLOSE_FRAME ? null : code, reason: said });
  }
}

/** Ignores send errors: the end of the line reports them. */
const ignore = (): void => undefined;
