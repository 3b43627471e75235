import type { Clock } from '../clock.js';

interface Timer {
  readonly due: number;
  readonly kind: 'background' | undefined;
  /** `time`: until it is due; then `quiet`: until nothing arrives from the network. */
  waitsFor: 'time' | 'quiet';
  callOff: () => void;
}

interface Outlets {
  /** How much has arrived from the network. */
  readonly count: number;
  tick(): void;
}

/** The longest that a deadline waits for the network to be quiet. Milliseconds. */
const LONGEST_MS = 250;

/**
 * Ticks when the machine is due. A busy program may have unread frames in its socket, and a deadline must not pass
 * before they are read: so a tick waits for one whole turn of the event loop without arrivals.
 */
export class Ticker {
  readonly #clock: Clock;
  readonly #outlets: Outlets;
  #timer: Timer | null = null;

  constructor(clock: Clock, outlets: Outlets) {
    this.#clock = clock;
    this.#outlets = outlets;
  }

  /** Keeps a timer that is set for earlier: one idle step costs less than a new timer each time. */
  set(due: number, kind: 'background' | undefined): void {
    const timer = this.#timer;
    const stays = timer && (timer.waitsFor === 'quiet' || (timer.due <= due && timer.kind === kind));
    if (stays && due !== Infinity) return;
    timer?.callOff();
    this.#timer = due === Infinity ? null : this.#arrange(due, kind);
  }

  #arrange(due: number, kind: Timer['kind']): Timer {
    const clock = this.#clock;
    const timer: Timer = { due, kind, waitsFor: 'time', callOff: () => undefined };
    const passed = (): void => {
      timer.waitsFor = 'quiet';
      timer.callOff = this.#whenQuiet(() => {
        this.#timer = null;
        this.#outlets.tick();
      });
    };
    timer.callOff = clock.after(Math.max(0, due - clock.now()), passed, kind);
    return timer;
  }

  #whenQuiet(then: () => void): () => void {
    const clock = this.#clock;
    const until = clock.now() + LONGEST_MS;
    let callOff = (): void => undefined;
    const listen = (): void => {
      const before = this.#outlets.count;
      const isQuiet = (): boolean => this.#outlets.count === before || clock.now() >= until;
      callOff = clock.after(0, () => (isQuiet() ? then() : listen()));
    };
    listen();
    return () => callOff();
  }
}
