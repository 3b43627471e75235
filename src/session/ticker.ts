import type { Clock } from '../clock.js';

interface Timer {
  readonly due: number;
  readonly kind: 'background' | undefined;
  /** It waits for its time, or, once that has come, for the network to fall quiet. */
  waitsFor: 'time' | 'quiet';
  callOff: () => void;
}

interface Outlets {
  /** Counts what has arrived from the network. */
  arrivals(): number;
  tick(): void;
}

/** The longest that a deadline waits for the network to fall quiet. Milliseconds. */
const LONGEST_MS = 250;

/**
 * Ticks when the machine is due. A program that was busy has not read yet what lies in its socket, and a deadline must
 * not pass over what has already arrived: so a tick waits until a whole turn of the event loop has brought nothing.
 */
export class Ticker {
  readonly #clock: Clock;
  readonly #outlets: Outlets;
  #timer: Timer | null = null;

  constructor(clock: Clock, outlets: Outlets) {
    this.#clock = clock;
    this.#outlets = outlets;
  }

  /** A timer that is set for earlier stays: it costs a step that does nothing, and not a new timer each time. */
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
      const before = this.#outlets.arrivals();
      const isQuiet = (): boolean => this.#outlets.arrivals() === before || clock.now() >= until;
      callOff = clock.after(0, () => (isQuiet() ? then() : listen()));
    };
    listen();
    return () => callOff();
  }
}
