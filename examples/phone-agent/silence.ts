/** Counts how long the line has been quiet. Every sign of life starts it anew. */
export class Silence {
  readonly #ms: number;
  readonly #tooLong: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, tooLong: () => void) {
    this.#ms = ms;
    this.#tooLong = tooLong;
  }

  broken(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.broken();
      this.#tooLong();
    }, this.#ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
