import type { Line } from '../../types/index.js';
import { TransportError } from '../errors.js';

/**
 * Thresholds for unsent bytes: above OVER, audio is dropped until fewer than UNDER are left; above FAR_OVER, the
 * connection is lost.
 */
const OVER = 1024 * 1024;
const UNDER = 256 * 1024;
const FAR_OVER = 32 * 1024 * 1024;

/** The lines, as far as something is sent over them: by their numbers, and one of them live. */
export class Outbound {
  /** How many events were sent after the end, or rejected by the transport. */
  dropped = 0;
  readonly #lines = new Map<number, Line>();
  #live: Line | null = null;
  #inUse = 0;
  #secrets: readonly string[] = [];
  readonly #lost: (error: Error) => void;

  /** `lost` is called for a frame that the transport rejected. */
  constructor(lost: (error: Error) => void) {
    this.#lost = lost;
  }

  get isAttached(): boolean {
    return this.#live !== null;
  }

  /** The credentials that opened the lines. */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  attach(number: number, line: Line): void {
    this.#lines.set(number, line);
    this.#secrets = [...new Set([...this.#secrets, ...(line.secrets ?? [])])];
  }

  /** Without a number: from every line. */
  detach(number?: number): void {
    if (number === undefined) this.#lines.clear();
    else this.#lines.delete(number);
    if (number === undefined || this.#inUse === number) this.#live = null;
  }

  /** From here this line is the one that everything goes to. */
  use(number: number): void {
    this.#inUse = number;
    this.#live = this.#lines.get(number) ?? null;
  }

  send(text: string): void {
    this.#send(this.#live, text);
  }

  sendTo(number: number, text: string): void {
    this.#send(this.#lines.get(number) ?? null, text);
  }

  /** A line that throws has lost the frame, and breaks no step. */
  #send(line: Line | null, text: string): void {
    try {
      line?.send(text);
    } catch (cause) {
      this.dropped++;
      this.#lost(new TransportError('The line did not take a frame: it is lost.', { cause }));
    }
  }

  ping(): void {
    this.#live?.ping?.();
  }

  close(code: number, reason: string): void {
    this.#live?.close(code, reason);
  }

  /** Ends every line: the one that is live is lost, and the others are not wanted any more. */
  giveUp(): void {
    const live = this.#live;
    for (const line of this.#lines.values()) if (line !== live) line.close(1000, 'OK');
    live?.close(1001, 'OK');
    this.detach();
  }

  /** Ends a line that is not wanted any more. */
  shut(number: number): void {
    this.#lines.get(number)?.close(1000, 'OK');
    this.detach(number);
  }

  /** The level of unsent bytes; null where it is between thresholds, or unknown. */
  get backlog(): 'under' | 'over' | 'far over' | null {
    const unsent = this.#live?.unsentBytes;
    if (unsent === undefined) return null;
    if (unsent > FAR_OVER) return 'far over';
    if (unsent > OVER) return 'over';
    return unsent < UNDER ? 'under' : null;
  }
}
