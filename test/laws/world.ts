/** A session's machine and a simulated server with a network between them: all pure, on a clock moved by hand. */
import {
  asksForAudio,
  dueAt,
  goesOn,
  isAway,
  isAwaitedCommit,
  isOpen,
  keptBytes,
  liveLine,
  type Answer,
  type Command,
  type Effects,
  type Input,
  type Question,
  type Rules,
  type Session,
} from '../../src/machine/index.js';
import { KeptAudio, type Mark } from '../../src/session/kept-audio.js';
import { withAudio } from '../../src/session/told-audio.js';
import { nextDue, type Input as ServerInput, type Server } from '../../src/simulator/server/index.js';
import { Recorder, type Machine } from '../support/recorder.js';
import { replayAll } from '../support/replay.js';
import { GivenAudio, isAudio } from './audio.js';
import { Decided } from './decided.js';
import { firstRecords, Judge } from './judge.js';
import type { Network } from './network.js';
import type { Frame } from './oracle.js';
import { Outside } from './outside.js';
import { wronglyRemembered } from './remembered.js';
import type { Dial, Leg } from './script.js';
import { Wire, type WireOptions } from './wire.js';

type Timeless<Each> = Each extends unknown ? Omit<Each, 'now'> : never;
export type Happening = Timeless<Input>;

export interface WorldOptions extends WireOptions {
  readonly machine: Machine;
  readonly rules: Rules;
  readonly farewells: readonly string[];
  /** The audio in one delta, in milliseconds. */
  readonly deltaMs: number;
  readonly leg: Leg;
  /** The behaviour of a shared budget's store. */
  readonly leases: 'give' | 'fail' | 'never';
  /** What becomes of the lines that are dialled, in turn. */
  readonly dials: readonly Dial[];
  readonly answer: (question: Question) => Answer;
}

export class World {
  readonly session: Session;
  readonly judge: Judge;
  readonly decided = new Decided();
  readonly outside: Outside;
  readonly options: WorldOptions;
  readonly recorder: Recorder;
  readonly #kept: KeptAudio;
  readonly #audio: GivenAudio;
  /** The line that frames go to. */
  #inUse = 1;
  now = 0;
  steps = 0;
  /** Scheduled results: tools that return, the carrier. */
  #due: { readonly at: number; readonly run: () => void }[] = [];
  /** Every line that may still bring something, the one that was dialled last at the end. */
  #wires: readonly Wire[];
  #dials = 0;

  constructor(options: WorldOptions) {
    this.options = options;
    this.recorder = new Recorder(options.machine);
    this.session = this.recorder.createSession(options.rules);
    this.judge = new Judge(firstRecords(options));
    this.#kept = new KeptAudio((eventId) => isAwaitedCommit(this.session, eventId));
    this.#audio = new GivenAudio(this.wrong);
    this.#wires = [new Wire(1, options, null)];
    this.outside = new Outside(this);
    this.wire.state = 'open';
    const { line } = options.rules;
    this.serve({
      type: 'connect',
      connection: this.connection,
      ...(line === 'own' ? { model: MODEL } : { callId: 'rtc_1' }),
    });
  }

  /** The line that is live; while none is, the one that was dialled last. */
  get wire(): Wire {
    const live = liveLine(this.session);
    return this.#wires.find(({ number }) => number === live) ?? this.#wires.at(-1)!;
  }

  get server(): Server {
    return this.wire.server;
  }

  get network(): Network {
    return this.wire.network;
  }

  /** What the server calls the line. */
  get connection(): string {
    return this.wire.connection;
  }

  /** Silences the server on every line, and those to come. */
  mute(how: 'alive' | 'dead'): void {
    for (const { network } of this.#wires) network.mute(how);
  }

  /** Ends all disturbances. */
  heal(): void {
    for (const { network } of this.#wires) network.heal();
  }

  get wrong(): string[] {
    return this.judge.wrong;
  }

  /** Gives the machine an input now. Its frames are judged and sent, its commands carried out. */
  tell(happening: Happening): Effects {
    const input = { ...happening, now: this.now } as Input;
    this.judge.before(this.session, input);
    const { frames, notices, commands } = this.recorder.step(this.session, input, this.options.answer);
    this.steps++;
    this.judge.after(this.session, input, { frames, notices, commands });
    this.wrong.push(...this.decided.note({ notices }, this.now), ...wronglyRemembered(this.session));
    this.#flush();
    for (const frame of frames) if (liveLine(this.session) > 0) this.#send(this.wire, frame);
    for (const command of commands) this.#carryOut(command);
    this.#watchKept();
    return { frames, notices, commands };
  }

  /** Appends audio, as the session around the machine does: it is sent, kept for the next line, or dropped. */
  append(frame: Frame): void {
    const { session } = this;
    const placed = this.#audio.place(frame);
    if (isAway(session)) this.#kept.keep(JSON.stringify(placed), keptBytes(session));
    else if (isOpen(session) && this.wire.state === 'open') {
      this.#send(this.wire, placed);
      if (keptBytes(session) > 0) this.#kept.hear(JSON.stringify(placed), keptBytes(session));
    }
    this.#watchKept();
  }

  /** Sends an event of the program's. */
  send(event: Frame): void {
    this.tell({ type: 'send', event: isAudio(event.type) ? this.#audio.place(event) : event });
  }

  /** What is put aside is told as audio, and there is some of each turn that the machine counts on. */
  #withAudio(frame: Frame): Frame {
    return withAudio(frame, (itemId) => {
      const frames = this.#kept.turn(itemId);
      if (frames.length === 0) this.wrong.push(`Audio: ${itemId} is to be told as audio that is not kept`);
      return frames;
    });
  }

  #forget({ through, itemId }: Extract<Command, { do: 'forget-audio' }>): void {
    const bytes = this.#kept.forget(through, itemId);
    if (itemId !== null && bytes > 0) this.later(0, () => this.tell({ type: 'turn-kept', itemId, bytes }));
  }

  #watchKept(): void {
    if (asksForAudio(this.session) && !this.#kept.isEmpty) this.tell({ type: 'audio-kept' });
  }

  /** Gives another line what was kept for it. */
  #flush(): void {
    const live = liveLine(this.session);
    if (live === this.#inUse) return;
    this.#inUse = live;
    if (live === 0) return;
    this.#kept.flush((text) => {
      const frame = JSON.parse(text) as Frame;
      if (frame.type === 'input_audio_buffer.commit') this.judge.gave(frame, this.now);
      this.#send(this.wire, frame);
    });
  }

  /** Gives the server an input now; what changes the server itself, on every line. */
  serve(happening: Timeless<ServerInput>): void {
    const isForAll = happening.type === 'faults';
    for (const wire of isForAll ? this.#wires : [this.wire]) wire.serve({ ...happening, now: this.now });
  }

  /** Advances the time, and runs everything that falls due. */
  run(ms: number): void {
    const until = this.now + ms;
    for (let next = this.#nextAt(); next <= until; next = this.#nextAt()) {
      this.now = Math.max(this.now, next);
      this.#happen();
    }
    this.now = until;
  }

  later(ms: number, run: () => void): void {
    this.#due.push({ at: this.now + ms, run });
    this.#due.sort((one, other) => one.at - other.at);
  }

  /** Loses a connection and everything in flight. */
  lose(code: number | null, reason = '', wire = this.wire): void {
    if (wire.state !== 'open') return;
    wire.end(this.now);
    this.tell({ type: 'gone', code, reason, ...wire.by });
  }

  #dial(line: number): void {
    const how = this.options.dials[this.#dials++ % this.options.dials.length] ?? 'opens';
    const wire = new Wire(line, this.options, this.#wires.at(-1)!);
    this.#wires = [...this.#wires.filter(({ state }) => state !== 'gone'), wire];
    this.later(20, () => {
      if (wire.state !== 'opening' || how === 'never answers') return;
      wire.state = how === 'opens' ? 'open' : 'gone';
      if (how === 'opens') {
        return wire.serve({ type: 'connect', connection: wire.connection, model: MODEL, now: this.now });
      }
      const status = { 'is refused': 503, 'is crowded out': 429, 'is forbidden': 403 }[how];
      this.tell({ type: 'not-opened', line, status, code: null, message: 'no' });
    });
  }

  #shut(line: number): void {
    const wire = this.#wireOf(line);
    if (wire && wire.state !== 'gone') wire.end(this.now);
  }

  /** Law 13: gives another machine the same inputs. */
  replay(): void {
    this.wrong.push(...replayAll(this.options.machine, this.recorder.recordings));
  }

  #nextAt(): number {
    const wires = this.#wires.map(({ network, server }) => Math.min(network.nextAt, nextDue(server) ?? Infinity));
    return Math.min(...wires, this.#due[0]?.at ?? Infinity, dueAt(this.session));
  }

  #happen(): void {
    const isNow = (at: number | undefined | null): boolean => at !== undefined && at !== null && at <= this.now;
    const arrives = this.#wires.find(({ network }) => isNow(network.toServer[0]?.at));
    const serves = this.#wires.find(({ server }) => isNow(nextDue(server)));
    const brings = this.#wires.find(({ network }) => isNow(network.toClient[0]?.at));
    if (arrives) this.#arrive(arrives, arrives.network.toServer.shift()!);
    else if (serves) serves.serve({ type: 'tick', now: this.now });
    else if (brings) this.#deliver(brings, brings.network.toClient.shift()!);
    else if (isNow(this.#due[0]?.at)) this.#due.shift()!.run();
    else this.#tick();
  }

  /** Ticks, and detects a machine that asks for a tick at once without end. */
  #tick(): void {
    const before = dueAt(this.session);
    this.tell({ type: 'tick' });
    this.#idleTicks = dueAt(this.session) <= this.now && dueAt(this.session) === before ? this.#idleTicks + 1 : 0;
    if (this.#idleTicks > 20) throw new Restless('L14: a deadline that has passed is still set');
  }
  #idleTicks = 0;

  #arrive(wire: Wire, flying: Network['toServer'][number]): void {
    const { connection } = wire;
    if ('frame' in flying) {
      wire.serve({ type: 'text', connection, text: JSON.stringify(flying.frame), now: this.now });
    } else if ('bye' in flying) {
      wire.serve({ type: 'disconnect', connection, now: this.now });
      wire.network.bring(this.now, { closes: { code: 1000, reason: '' } });
    }
  }

  #deliver(wire: Wire, flying: Network['toClient'][number]): void {
    if (wire.state !== 'open') return;
    if ('frame' in flying) this.#read(wire, flying.frame);
    else if ('alive' in flying) this.tell({ type: 'alive', ...wire.by });
    else if ('closes' in flying) this.lose(flying.closes.code, flying.closes.reason, wire);
  }

  #read(wire: Wire, event: Frame): void {
    const isAudio = event.type === 'response.output_audio.delta' && typeof event['item_id'] === 'string';
    const audioBytes = isAudio ? this.options.deltaMs * 48 : 0;
    if (isAudio && wire === this.wire) this.outside.produced(String(event['item_id']), this.options.deltaMs);
    this.tell({ type: 'frame', event, audioBytes, ...wire.by });
  }

  #send(wire: Wire | undefined, frame: Frame): void {
    if (wire && isAudio(frame.type)) this.#audio.gave(wire.number, liveLine(this.session), frame);
    wire?.send(this.now, frame);
  }

  #wireOf(line: number): Wire | undefined {
    return this.#wires.find(({ number }) => number === line);
  }

  #carryOut(command: Command): void {
    const { network } = this.wire;
    if (command.do === 'mark-audio') this.#kept.mark(markOf(command.frame), command.when);
    else if (command.do === 'forget-audio') this.#forget(command);
    else if (command.do === 'forget-turn') this.#kept.forgetTurn(command.itemId);
    else if (command.do === 'ping') {
      if (!network.isDead) network.bring(this.now, { alive: true });
    } else if (command.do === 'close-line') {
      if (this.options.leg.line === 'closes') network.send(this.now, { bye: true });
    } else if (command.do === 'give-up-line') for (const wire of this.#wires) wire.state = 'given up';
    else if (command.do === 'dial') this.#dial(command.line);
    else if (command.do === 'shut') this.#shut(command.line);
    else if (command.do === 'write') this.#send(this.#wireOf(command.line), this.#withAudio(command.frame));
    else if (command.do === 'ask-history') this.#tellHistory(command);
    else this.outside.carryOut(command);
  }

  /** A program that leaves out the beginning, tells all as it was, fails, or never answers: in turn. */
  #tellHistory({ line, items }: Extract<Command, { do: 'ask-history' }>): void {
    const history = { type: 'history', line, threw: null } as const;
    const answers: readonly Happening[] = [
      { ...history, items: items.slice(1) },
      { ...history, items },
      { ...history, items: null, threw: { ref: 0, words: 'no' } },
    ];
    const answer = answers[this.#dials % 4];
    if (answer) this.later(30, () => this.tell(answer));
  }

  get isClosed(): boolean {
    return !goesOn(this.session) && this.wire.state !== 'open';
  }
}

/** Thrown for a machine that asks for a tick at once without end. */
export class Restless extends Error {}

const markOf = (frame: Frame): Mark => ({
  is: frame.type === 'input_audio_buffer.commit' ? 'commit' : 'clear',
  eventId: String(frame['event_id']),
  text: JSON.stringify(frame),
});

const MODEL = 'gpt-realtime-2.1';
