/** Counts how long the line has been quiet. Every sign of life restarts it, until it is ended for good. */
export class Silence {
  readonly #ms: number;
  readonly #tooLong: () => void;
  #state: 'counting' | 'ended' = 'counting';
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, tooLong: () => void) {
    this.#ms = ms;
    this.#tooLong = tooLong;
  }

  broken(): void {
    clearTimeout(this.#timer);
    if (this.#state === 'ended') return;
    this.#timer = setTimeout(() => {
      this.broken();
      this.#tooLong();
    }, this.#ms);
  }

  /** Later signs of life set no timer. */
  end(): void {
    this.#state = 'ended';
    clearTimeout(this.#timer);
  }
}
