import type { Line } from '../../types/index.js';
import { TransportError } from '../errors.js';

/** Unsent bytes: beyond the first, audio is dropped, until fewer than the second are left; beyond the third all is lost. */
const OVER = 1024 * 1024;
const UNDER = 256 * 1024;
const FAR_OVER = 32 * 1024 * 1024;

/** The line, as far as something is sent over it. */
export class Outbound {
  /** How often something was sent after the end, or not taken by the line. */
  dropped = 0;
  #line: Line | null = null;
  readonly #lost: (error: Error) => void;

  /** `lost`: the line did not take a frame. */
  constructor(lost: (error: Error) => void) {
    this.#lost = lost;
  }

  get isAttached(): boolean {
    return this.#line !== null;
  }

  /** The credentials that opened the line. */
  get secrets(): readonly string[] {
    return this.#line?.secrets ?? [];
  }

  attach(line: Line): void {
    this.#line = line;
  }

  detach(): void {
    this.#line = null;
  }

  /** A line that throws has lost the frame, and breaks no step. */
  send(text: string): void {
    try {
      this.#line?.send(text);
    } catch (cause) {
      this.dropped++;
      this.#lost(new TransportError('The line did not take a frame: it is lost.', { cause }));
    }
  }

  ping(): void {
    this.#line?.ping?.();
  }

  close(code: number, reason: string): void {
    this.#line?.close(code, reason);
  }

  /** Where what the line has taken and not sent stands; null where it crosses no bound, or is not known. */
  get backlog(): 'under' | 'over' | 'far over' | null {
    const unsent = this.#line?.unsentBytes;
    if (unsent === undefined) return null;
    if (unsent > FAR_OVER) return 'far over';
    if (unsent > OVER) return 'over';
    return unsent < UNDER ? 'under' : null;
  }
}
