/** Plays a script with a whole session and the simulated server in memory, on a clock that is moved by hand. */
import { MisuseError, openSession, tool, jsonSchema } from '../../src/index.js';
import { liveLine, type Effects, type Input, type Session as Machine } from '../../src/machine/index.js';
import { createSimulator, virtualClock, type Simulator } from '../../src/simulator/index.js';
import type { ConfirmedSession, Ears, Line, Transport } from '../../types/index.js';
import { recorder } from '../support/recording.js';
import type { Recording, Witness } from '../support/recorder.js';
import { replayAll, replayAllRedacted } from '../support/replay.js';
import { GivenAudio, isAudio } from './audio.js';
import { Books } from './books.js';
import { firstRecords, Judge } from './judge.js';
import {
  budgetOf,
  budgets,
  changes,
  farewellsOf,
  latencies,
  LIFETIME_MS,
  limitsOf,
  policies,
  reconnectIn,
} from './plots.js';
import { toolNames, type Scene } from './script.js';
import { text, type Frame } from './wire-log.js';

type Session = ConfirmedSession<string>;

/** Lets everything happen that waits only for the event loop. */
export const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export class Call {
  readonly simulator: Simulator;
  readonly books: Books;
  readonly judge: Judge;
  readonly audio: GivenAudio;
  session!: Session;
  mood: 'open' | 'shut' | 'throws' | 'meddles' = 'open';
  steps = 0;
  /** How many frames have been sent. */
  frames = 0;
  #machine: Machine | null = null;
  /** Frames that the machine has written and the transport has not received yet. */
  #written: string[] = [];
  /** Commits and clears that the machine has written: any other was kept for the line that is given it. */
  readonly #marks = new Set<string>();
  #lines = 0;
  #muted = false;
  readonly #witness: Witness = {
    before: (session, input) => this.#before(session, input),
    after: (session, input, effects) => this.#after(session, input, effects),
  };

  constructor(scene: Scene) {
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
      ...(scene.reconnect === 'rotates' && { lifetimeMs: LIFETIME_MS }),
      toServerMs: delays(scene.toServerMs),
      toClientMs: delays(scene.toClientMs),
    });
    const rules = {
      limits: limitsOf(scene),
      turnEnds: scene.turnEnds,
      line: 'own',
      budget: budgets[scene.budget],
    } as const;
    this.judge = new Judge(firstRecords({ rules, farewells: farewellsOf(scene) }));
    this.books = new Books(this.wrong);
    this.audio = new GivenAudio(this.wrong);
    recorder().forget();
    recorder().witnesses.clear();
    recorder().witnesses.add(this.#witness);
  }

  get wrong(): string[] {
    return this.judge.wrong;
  }

  static async open(scene: Scene): Promise<Call> {
    const call = new Call(scene);
    const policy = policies[scene.recovery];
    const opening = openSession({
      transport: call.#overheard(),
      clock: call.simulator.clock,
      session: changes.answers,
      tools: call.#tools(),
      guards: { mood: () => call.#feel() },
      turnEnds: scene.turnEnds,
      limits: limitsOf(scene),
      ...(scene.playback === 'waits' && { playback: { waits: true } }),
      ...(policy && { recovery: policy }),
      reconnect: reconnectIn(scene),
      budget: budgetOf(scene),
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

  /** Silences the server from now on, with the socket still open. */
  mute(): void {
    this.#muted = true;
  }

  get recordings(): readonly Recording[] {
    return recorder().recordings;
  }

  /** Checks at the end that every promise was kept, and that the call can be replayed. */
  end(): void {
    if (this.#machine) this.judge.end(this.#machine);
    if (this.#written.length > 0) this.wrong.push(`L13: the line was not given ${this.#written.join().slice(0, 300)}`);
    this.books.close();
    recorder().witnesses.clear();
    const { machine } = recorder();
    this.wrong.push(...replayAll(machine, this.recordings), ...replayAllRedacted(machine, this.recordings));
  }

  #before(session: Machine, input: Input): void {
    this.#machine ??= session;
    if (session !== this.#machine) return;
    this.steps++;
    if (input.type === 'frame' && (input.line ?? 1) === liveLine(session)) this.books.read(session, input.event);
    this.judge.before(session, input);
  }

  #after(session: Machine, input: Input, effects: Effects): void {
    if (session !== this.#machine) return;
    this.judge.after(session, input, effects);
    for (const frame of effects.frames) this.books.wrote(frame);
    const written = effects.commands.filter((each) => each.do === 'write');
    for (const { line, frame } of written) this.books.told(line, frame);
    const beside = written.map(({ frame }) => frame);
    const [marks, frames] = [effects.frames.filter(isMark), effects.frames.filter((frame) => !isMark(frame))];
    for (const mark of marks) this.#marks.add(JSON.stringify(mark));
    this.#written.push(...[...frames, ...beside].map((frame) => JSON.stringify(unheard(frame))));
  }

  #overheard(): Transport {
    const { transport } = this.simulator;
    const heard = (ears: Ears): Ears => ({
      ...ears,
      frame: (text) => {
        if (!this.#muted) ears.frame(text);
      },
      gone: (how) => ears.gone(how),
    });
    const spoken = (line: Line, number: number): Line => ({
      send: (text) => {
        this.frames++;
        if (text.startsWith('{"type":"input_audio_buffer.')) this.#hears(number, JSON.parse(text) as Frame, text);
        else this.#mustBeWritten(text);
        line.send(text);
      },
      close: (code, reason) => line.close(code, reason),
    });
    return {
      open: async (ears, signal) => {
        const number = ++this.#lines;
        return spoken(await transport.open(heard(ears), signal), number);
      },
    };
  }

  #hears(line: number, frame: Frame, text: string): void {
    this.audio.gave(line, this.#machine ? liveLine(this.#machine) : 0, frame);
    if (frame.type !== 'input_audio_buffer.commit' || this.#marks.delete(text)) return;
    this.judge.gave(frame, this.simulator.clock.now());
  }

  /** Checks that the shell sends exactly the machine's frames, in order. */
  #mustBeWritten(text: string): void {
    const due = this.#written.shift();
    if (due !== JSON.stringify(unheard(JSON.parse(text) as Frame)))
      this.wrong.push(`L13: the line was given ${text.slice(0, 200)}, and the machine wrote ${String(due)}`);
  }

  #tools() {
    const parameters = jsonSchema({ type: 'object' });
    const make = (name: string, run: () => unknown, reply: 'respond' | 'silent' = 'respond') =>
      tool({ name, description: name, parameters, run, reply, timeoutMs: 2_000 });
    const later = (ms: number) => new Promise((resolve) => void this.simulator.clock.after(ms, () => resolve('late')));
    const behaves: Readonly<Record<(typeof toolNames)[number], () => ReturnType<typeof make>>> = {
      at_once: () => make('at_once', () => 'found'),
      slow: () => make('slow', () => later(300)),
      never: () => make('never', () => later(1e9)),
      fails: () =>
        make('fails', () => {
          throw new Error('a secret');
        }),
      silent: () => make('silent', () => 'noted', 'silent'),
      odd: () => make('odd', () => new Map([[1n, new Set(['odd'])]])),
      shapes: () =>
        tool({
          name: 'shapes',
          description: 'shapes',
          parameters,
          run: () => 1,
          reply: () => ({ instructions: 'Hm.' }),
        }),
    };
    return toolNames.map((name) => behaves[name]());
  }

  #feel(): boolean {
    if (this.mood === 'throws') throw new Error('in no mood');
    if (this.mood === 'meddles') this.#meddle();
    return this.mood === 'shut';
  }

  /** A guard that does what a guard must not do. */
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

const isMark = ({ type }: Frame): boolean => isAudio(type);

/** The frame without the audio of a turn, which the machine knows by the item. */
const unheard = (frame: Frame): Frame =>
  JSON.parse(JSON.stringify(frame), (_key, value: unknown) =>
    isAudioPart(value) ? { type: 'input_audio' } : value,
  ) as Frame;
const isAudioPart = (value: unknown): boolean => text(value, 'type') === 'input_audio';
