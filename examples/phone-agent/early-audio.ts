/** Keeps the latest audio of the caller until there is a session. */
export class EarlyAudio {
  readonly #most: number;
  #frames: string[] = [];

  /** `most`: the number of frames to keep. Twilio sends 50 per second. */
  constructor(most: number) {
    this.#most = most;
  }

  keep(frame: string): void {
    this.#frames.push(frame);
    if (this.#frames.length > this.#most) this.#frames.shift();
  }

  /** Returns everything kept, and forgets it. */
  take(): readonly string[] {
    const taken = this.#frames;
    this.#frames = [];
    return taken;
  }
}
