import type { Line } from '../../types/index.js';
import { TransportError } from '../errors.js';

/**
 * Thresholds for unsent bytes: above OVER, audio is dropped until fewer than UNDER are left; above FAR_OVER, the
 * connection is lost.
 */
const OVER = 1024 * 1024;
const UNDER = 256 * 1024;
const FAR_OVER = 32 * 1024 * 1024;

/** The sending side of the connection. */
export class Outbound {
  /** How many events were sent after the end, or rejected by the transport. */
  dropped = 0;
  #line: Line | null = null;
  readonly #lost: (error: Error) => void;

  /** `lost` is called for a frame that the transport rejected. */
  constructor(lost: (error: Error) => void) {
    this.#lost = lost;
  }

  get isAttached(): boolean {
    return this.#line !== null;
  }

  /** The credentials that opened the connection. */
  get secrets(): readonly string[] {
    return this.#line?.secrets ?? [];
  }

  attach(line: Line): void {
    this.#line = line;
  }

  detach(): void {
    this.#line = null;
  }

  /** Sends a frame. If the transport throws, the frame is lost, but the step goes on. */
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

  /** The level of unsent bytes; null where it is between thresholds, or unknown. */
  get backlog(): 'under' | 'over' | 'far over' | null {
    const unsent = this.#line?.unsentBytes;
    if (unsent === undefined) return null;
    if (unsent > FAR_OVER) return 'far over';
    if (unsent > OVER) return 'over';
    return unsent < UNDER ? 'under' : null;
  }
}
