const PAUSE_MS = 1_500;

/** Gathers what the caller types: until `#`, or until they pause. */
export class Keypad {
  readonly #typed: (digits: string) => void;
  #digits = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(typed: (digits: string) => void) {
    this.#typed = typed;
  }

  press(key: string): void {
    clearTimeout(this.#timer);
    if (key === '#') return this.#finish();
    this.#digits += key;
    this.#timer = setTimeout(() => this.#finish(), PAUSE_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #finish(): void {
    const digits = this.#digits;
    this.#digits = '';
    if (digits !== '') this.#typed(digits);
  }
}
