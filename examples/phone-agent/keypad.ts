const PAUSE_MS = 1_500;
/** Longer than any number that people type; further keys begin a new entry. */
const MOST_KEYS = 32;

/** Collects the keys that the caller presses, until `#` or a pause. */
export class Keypad {
  readonly #typed: (digits: string) => void;
  #state: 'listening' | 'ended' = 'listening';
  #digits = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(typed: (digits: string) => void) {
    this.#typed = typed;
  }

  press(key: string): void {
    clearTimeout(this.#timer);
    if (this.#state === 'ended') return;
    if (key !== '#') this.#digits += key;
    if (key === '#' || this.#digits.length >= MOST_KEYS) return this.#finish();
    this.#timer = setTimeout(() => this.#finish(), PAUSE_MS);
  }

  /** Ignores all later keys. */
  end(): void {
    this.#state = 'ended';
    clearTimeout(this.#timer);
  }

  #finish(): void {
    const digits = this.#digits;
    this.#digits = '';
    if (digits !== '') this.#typed(digits);
  }
}
