/** What the caller says before there is a session: kept, and no more of it than the latest. */
export class EarlyAudio {
  readonly #most: number;
  #frames: string[] = [];

  /** `most`: how many frames. Twilio sends 50 in a second. */
  constructor(most: number) {
    this.#most = most;
  }

  keep(frame: string): void {
    this.#frames.push(frame);
    if (this.#frames.length > this.#most) this.#frames.shift();
  }

  /** All that is there; it is kept no longer. */
  take(): readonly string[] {
    const taken = this.#frames;
    this.#frames = [];
    return taken;
  }
}
