import type { Line } from '../../types/index.js';
import { TransportError } from '../errors.js';
import { KeptAudio, type Mark } from './kept-audio.js';

/**
 * Thresholds for unsent bytes: above OVER, audio is dropped until fewer than UNDER are left; above FAR_OVER, the
 * connection is lost.
 */
const OVER = 1024 * 1024;
const UNDER = 256 * 1024;
const FAR_OVER = 32 * 1024 * 1024;

export interface OutboundOwner {
  /** Whether the server has still to answer the commit with this `event_id`. */
  isAwaited(eventId: string): boolean;
  /** Reports a frame that the transport did not take. */
  queueFault(error: Error): void;
}

/** The lines, as far as something is sent over them: by their numbers, and one of them live. */
export class Outbound {
  /** How many events were sent after the end, or rejected by the transport. */
  dropped = 0;
  readonly #lines = new Map<number, Line>();
  #live: Line | null = null;
  #inUse = 0;
  #secrets: readonly string[] = [];
  readonly #owner: OutboundOwner;
  /** Null: nothing has to be kept. */
  #kept: KeptAudio | null = null;

  constructor(owner: OutboundOwner) {
    this.#owner = owner;
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
    if (number === undefined) this.#end();
    else this.#lines.delete(number);
    if (number === undefined || this.#inUse === number) this.#live = null;
  }

  #end(): void {
    this.#lines.clear();
    this.dropped += this.#kept?.unsent ?? 0;
    this.#kept = null;
  }

  /** From here this line is the one that everything goes to: first of all, the audio that was kept for it. */
  use(number: number): void {
    const isAnother = number !== this.#inUse;
    this.#inUse = number;
    this.#live = this.#lines.get(number) ?? null;
    if (isAnother && this.#live) this.#kept?.flush((text) => this.send(text));
  }

  /** Whether audio is kept for the next line. */
  get keepsAudio(): boolean {
    return this.#kept?.isEmpty === false;
  }

  /** Sends audio; up to so many bytes of it are kept for the next line. */
  append(text: string, mostBytes: number): void {
    this.send(text);
    if (mostBytes > 0) this.#keeping.hear(text, mostBytes);
  }

  /** Only keeps it, while no line is live. */
  keep(text: string, mostBytes: number): void {
    this.dropped += this.#keeping.keep(text, mostBytes);
  }

  mark(mark: Mark, when: 'sent' | 'kept'): void {
    this.#keeping.mark(mark, when);
  }

  /** A conversation has the audio up to this commit; null: up to the first that is awaited. Returns the bytes put aside. */
  forget(through: string | null, itemId: string | null): number {
    return this.#kept?.forget(through, itemId) ?? 0;
  }

  forgetTurn(itemId: string): void {
    this.#kept?.forgetTurn(itemId);
  }

  /** The frames of a turn whose audio was put aside. */
  turn(itemId: string): readonly string[] {
    return this.#kept?.turn(itemId) ?? [];
  }

  get #keeping(): KeptAudio {
    return (this.#kept ??= new KeptAudio((eventId) => this.#owner.isAwaited(eventId)));
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
      this.#owner.queueFault(new TransportError('The line did not take a frame: it is lost.', { cause }));
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
