/** A whole session facing the simulated server in memory, on a clock that is moved by hand, while a script is played. */
import { MisuseError, openSession, tool, jsonSchema } from '../../src/index.js';
import { createSimulator, virtualClock, type Simulator } from '../../src/simulator/index.js';
import type { ConfirmedSession, Ears, Line, Transport } from '../../types/index.js';
import { Books } from './books.js';
import { createOracle, observe, type Entry, type Frame, type Oracle } from './oracle.js';
import { changes, latencies, limits, tight } from './plots.js';
import { toolNames, type Scenery } from './script.js';

type Undated<Each> = Each extends unknown ? Omit<Each, 'at'> : never;
type Session = ConfirmedSession<string>;

/** `hangup()`'s own, and the last words of failures that end the call unless the policy says otherwise. */
const farewells = [
  'farewell',
  'rate-limit-apology',
  'quota-apology',
  'content-filter-apology',
  'max-output-tokens-apology',
];

/** Lets everything happen that waits for nothing but the event loop. */
export const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export class Call {
  readonly simulator: Simulator;
  readonly oracle: Oracle;
  readonly books: Books;
  readonly wrong: string[] = [];
  session!: Session;
  mood: 'open' | 'shut' | 'throws' | 'meddles' = 'open';
  steps = 0;
  frames = 0;
  #muted = false;
  #bargedIn = false;

  constructor(scene: Scenery) {
    const delays = (each: readonly number[]): (() => number) => {
      let count = 0;
      return () => each[count++ % each.length] ?? 0;
    };
    this.simulator = createSimulator({
      clock: virtualClock(),
      keeps: 'nothing',
      audio: 'tiny',
      speed: scene.speed === 'at once' ? Infinity : scene.speed,
      latency: latencies[scene.latency],
      faults: scene.faults,
      toServerMs: delays(scene.toServerMs),
      toClientMs: delays(scene.toClientMs),
    });
    this.oracle = createOracle({ ...this.#limits(scene), turnEnds: scene.turnEnds, farewells });
    this.books = new Books(this.wrong);
  }

  static async open(scene: Scenery): Promise<Call> {
    const call = new Call(scene);
    const opening = openSession({
      transport: call.#overheard(),
      clock: call.simulator.clock,
      session: changes.answers,
      tools: call.#tools(),
      guards: { mood: () => call.#feel() },
      turnEnds: scene.turnEnds,
      limits: call.#limits(scene),
      ...(scene.recovers && {
        recovery: { 'server-error': { retries: 1, backoffMs: 200, apology: {}, then: 'go-on' } },
      }),
    });
    let state: 'opening' | 'settled' = 'opening';
    const settled = (): void => void (state = 'settled');
    void opening.then(settled, settled);
    while (state === 'opening') await call.wait(50);
    call.session = await opening;
    call.books.open(call.session);
    await call.wait(1);
    return call;
  }

  async wait(ms: number): Promise<void> {
    const slices = ms <= 1 ? 1 : 8;
    for (let slice = 0; slice < slices; slice++) {
      this.simulator.clock.advance(ms / slices);
      await turnOfTheLoop();
    }
  }

  /** From now on the server is not heard, though the socket stays. */
  mute(): void {
    this.#muted = true;
  }

  note(entry: Undated<Entry>): void {
    if (entry.kind === 'read' && entry.frame.type === 'input_audio_buffer.speech_started') this.#bargedIn = true;
    if (entry.kind === 'told' && entry.fact === 'turn-begins') this.#bargedIn = true;
    if (entry.kind === 'wrote') this.#noteResumed();
    const at = this.simulator.clock.now();
    this.wrong.push(...observe(this.oracle, { ...entry, at }).map(({ law, says }) => `${law}: ${says}`));
  }

  /** A hang-up has begun, if it has: one at which the user has the floor goes on at once. */
  noteHangup(): void {
    if (!this.#hangupIsPending()) return;
    this.note({ kind: 'told', fact: 'hangup' });
    this.#bargedIn = false;
  }

  /** A hang-up is over only if the user has spoken since. */
  #noteResumed(): void {
    if (this.oracle.hangup !== 'pending' || !this.#bargedIn || this.#hangupIsPending()) return;
    this.oracle.hangup = 'none';
  }

  #hangupIsPending(): boolean {
    return this.session.state.shut.includes('hangup-pending');
  }

  #limits = (scene: Scenery): typeof limits => (scene.limits === 'tight' ? tight : limits);

  #overheard(): Transport {
    const { transport } = this.simulator;
    const heard = (ears: Ears): Ears => ({
      frame: (text) => {
        if (this.#muted) return;
        this.steps++;
        const frame = JSON.parse(String(text)) as Frame;
        this.books.read(frame);
        this.note({ kind: 'read', frame });
        ears.frame(text);
      },
      gone: (how) => {
        this.note({ kind: 'lost' });
        ears.gone(how);
      },
    });
    const spoken = (line: Line): Line => ({
      send: (text) => {
        this.frames++;
        const frame = JSON.parse(text) as Frame;
        this.note({ kind: 'wrote', frame });
        this.books.wrote(frame);
        line.send(text);
      },
      close: (code, reason) => {
        this.note({ kind: 'told', fact: 'close' });
        line.close(code, reason);
      },
    });
    return { open: async (ears, signal) => spoken(await transport.open(heard(ears), signal)) };
  }

  #tools() {
    const parameters = jsonSchema({ type: 'object' });
    const make = (name: string, run: () => unknown, reply: 'respond' | 'silent' = 'respond') =>
      tool({ name, description: name, parameters, run, reply, timeoutMs: 2_000 });
    const later = (ms: number) => new Promise((resolve) => void this.simulator.clock.after(ms, () => resolve('late')));
    const [atOnce, slow, never, fails, silent] = toolNames;
    return [
      make(atOnce, () => 'found'),
      make(slow, () => later(300)),
      make(never, () => later(1e9)),
      make(fails, () => {
        throw new Error('a secret');
      }),
      make(silent, () => 'noted', 'silent'),
    ];
  }

  #feel(): boolean {
    if (this.mood === 'throws') throw new Error('in no mood');
    if (this.mood === 'meddles') this.#meddle();
    return this.mood === 'shut';
  }

  /** A guard that does what a guard may not. */
  #meddle(): void {
    const before = this.frames;
    try {
      this.session.respond('meddling');
      this.wrong.push('L9: a call from inside a guard was let through');
    } catch (error) {
      if (!(error instanceof MisuseError)) this.wrong.push(`L9: a call from inside a guard threw ${String(error)}`);
    }
    if (this.frames !== before) this.wrong.push('L9: a call from inside a guard wrote a frame');
  }
}
