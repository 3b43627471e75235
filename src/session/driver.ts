import type { Clock } from '../clock.js';
import { MisuseError } from '../errors.js';
import {
  step,
  type ClientEvent,
  type Effects,
  type Gate,
  type Input,
  type Notice,
  type ServerEvent,
} from '../gate/index.js';

type Timeless<Each> = Each extends unknown ? Omit<Each, 'now'> : never;
/** What happens to the gate; the driver adds when. */
export type Happening = Timeless<Input>;

interface Outlets {
  write(frame: ClientEvent): void;
  /** What time alone brought about. */
  ticked(notices: readonly Notice[]): void;
}

/** Steps the gate with the time of day, carries out its effects, and wakes it when it is due. */
export class Driver {
  readonly gate: Gate;
  readonly #clock: Clock;
  readonly #outlets: Outlets;
  #timer: { readonly due: number; readonly cancel: () => void } | null = null;
  #asking = false;
  #writing = false;

  constructor(gate: Gate, clock: Clock, outlets: Outlets) {
    this.gate = gate;
    this.#clock = clock;
    this.#outlets = outlets;
  }

  /** Every frame is written before this returns what is to be told. */
  step(happening: Happening): readonly Notice[] {
    return this.#carryOut(step(this.gate, { ...happening, now: this.#clock.now() }));
  }

  /** The same for what happens most. */
  frame(event: ServerEvent): readonly Notice[] {
    return this.#carryOut(step(this.gate, { type: 'frame', event, now: this.#clock.now() }));
  }

  #carryOut({ frames, notices }: Effects): readonly Notice[] {
    this.#writing = true;
    for (const frame of frames) this.#outlets.write(frame);
    this.#writing = false;
    if (this.#timer?.due !== this.gate.due) this.#wake();
    return notices;
  }

  /** A step is under way: what a transport answers before it returns has to wait. */
  get busy(): boolean {
    return this.#writing;
  }

  /** Runs a function of the user's that may look and not touch. */
  asking<Answer>(ask: () => Answer): Answer {
    const before = this.#asking;
    this.#asking = true;
    try {
      return ask();
    } finally {
      this.#asking = before;
    }
  }

  /** Throws for a call from inside such a function. */
  mustNotBeAsking(): void {
    if (!this.#asking) return;
    throw new MisuseError('A guard and `accept` may look at the session, and not change it. Nothing was done.');
  }

  /** A timer that is set for earlier than is due stays: it costs a step that does nothing, and not a new timer each time. */
  #wake(): void {
    const { due } = this.gate;
    if (this.#timer && this.#timer.due <= due && due !== Infinity) return;
    this.#timer?.cancel();
    this.#timer = null;
    if (due === Infinity) return;
    const run = (): void => {
      this.#timer = null;
      this.#outlets.ticked(this.step({ type: 'tick' }));
    };
    this.#timer = { due, cancel: this.#clock.after(Math.max(0, due - this.#clock.now()), run) };
  }
}
