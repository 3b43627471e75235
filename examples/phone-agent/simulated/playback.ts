/** The agent's messages that concern playback. */
export interface CarrierMessage {
  readonly event: string;
  readonly media?: { readonly payload: string };
  readonly mark?: { readonly name: string };
}

const BYTES_PER_MS = 8;

/** Twilio's playback: plays what is queued, returns each mark when it is reached, and clears on request. */
export class CarrierPlayback {
  readonly #pace: number;
  readonly #send: (mark: string) => void;
  readonly #queue: CarrierMessage[] = [];
  readonly #marks = new Set<string>();
  readonly #waiting: { readonly mark: string; readonly resolve: () => void }[] = [];
  #playing: NodeJS.Timeout | null = null;

  constructor(pace: number, send: (mark: string) => void) {
    this.#pace = pace;
    this.#send = send;
  }

  take(message: CarrierMessage): void {
    if (message.event === 'clear') this.#clear();
    else this.#queue.push(message);
    if (!this.#playing) this.#playNext();
  }

  /** Resolves once this mark has been returned. */
  reached(mark: string): Promise<void> {
    if (this.#marks.has(mark)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ mark, resolve }));
  }

  end(): void {
    if (this.#playing) clearTimeout(this.#playing);
    this.#queue.length = 0;
  }

  #playNext(): void {
    this.#playing = null;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      if (next.mark) this.#giveBack(next.mark.name);
      if (next.media) return this.#play(Buffer.byteLength(next.media.payload, 'base64') / BYTES_PER_MS);
    }
  }

  #play(ms: number): void {
    this.#playing = setTimeout(() => this.#playNext(), ms / this.#pace);
  }

  /** Drops what is queued; its marks are returned all the same, as Twilio does. */
  #clear(): void {
    if (this.#playing) clearTimeout(this.#playing);
    this.#playing = null;
    for (const { mark } of this.#queue.splice(0)) if (mark) this.#giveBack(mark.name);
  }

  #giveBack(mark: string): void {
    this.#send(mark);
    this.#marks.add(mark);
    for (const waiting of this.#waiting) if (waiting.mark === mark) waiting.resolve();
  }
}
