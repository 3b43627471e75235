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
import {
  createServer,
  nextDue,
  step as stepServer,
  type Input as ServerInput,
  type Server,
  type ServerOptionsGiven,
} from '../../src/simulator/server/index.js';
import { KeptAudio, type Mark } from '../../src/session/kept-audio.js';
import { withAudio } from '../../src/session/told-audio.js';
import { Recorder, type Machine } from '../support/recorder.js';
import { replayAll } from '../support/replay.js';
import { GivenAudio, isAudio } from './audio.js';
import { Decided } from './decided.js';
import { firstRecords, Judge } from './judge.js';
import { Network } from './network.js';
import type { Frame } from './oracle.js';
import { Outside } from './outside.js';
import type { Dial, Leg } from './script.js';

type Timeless<Each> = Each extends unknown ? Omit<Each, 'now'> : never;
export type Happening = Timeless<Input>;

export interface WorldOptions {
  readonly machine: Machine;
  readonly rules: Rules;
  readonly farewells: readonly string[];
  readonly server: ServerOptionsGiven;
  /** Milliseconds in flight, used in turn; frames of one direction never overtake each other. */
  readonly toServerMs: readonly number[];
  readonly toClientMs: readonly number[];
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
  readonly server: Server;
  readonly judge: Judge;
  readonly decided = new Decided();
  readonly network: Network;
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
  /** The line that was dialled last. */
  #number = 1;
  #line: 'opening' | 'open' | 'given up' | 'gone' = 'open';
  #dials = 0;

  constructor(options: WorldOptions) {
    this.options = options;
    this.recorder = new Recorder(options.machine);
    this.session = this.recorder.createSession(options.rules);
    this.server = createServer(options.server);
    this.judge = new Judge(firstRecords(options));
    this.#kept = new KeptAudio((eventId) => isAwaitedCommit(this.session, eventId));
    this.#audio = new GivenAudio(this.wrong);
    this.network = new Network({ toServer: options.toServerMs, toClient: options.toClientMs });
    this.outside = new Outside(this);
    const { line } = options.rules;
    this.serve({
      type: 'connect',
      connection: this.connection,
      ...(line === 'own' ? { model: MODEL } : { callId: 'rtc_1' }),
    });
  }

  /** What the server calls the line. */
  get connection(): string {
    return `connection-${this.#number}`;
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
    this.wrong.push(...this.decided.note({ notices }, this.now));
    this.#flush();
    for (const frame of frames) this.#send(frame);
    for (const command of commands) this.#carryOut(command);
    this.#watchKept();
    return { frames, notices, commands };
  }

  /** Appends audio, as the session around the machine does: it is sent, kept for the next line, or dropped. */
  append(frame: Frame): void {
    const { session } = this;
    const placed = this.#audio.place(frame);
    if (isAway(session)) this.#kept.keep(JSON.stringify(placed), keptBytes(session));
    else if (isOpen(session) && this.#line === 'open') {
      this.#send(placed);
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
      this.#send(frame);
    });
  }

  /** Gives the server an input now. */
  serve(happening: Timeless<ServerInput>): void {
    for (const output of stepServer(this.server, { ...happening, now: this.now })) {
      if (output.type === 'frame') this.network.bring(this.now, { frame: output.event });
      else if (output.type === 'ping') this.network.bring(this.now, { alive: true });
      else this.network.bring(this.now, { closes: { code: null, reason: '', ...(output as object) } });
    }
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

  /** Loses the connection and everything in flight. */
  lose(code: number | null, reason = ''): void {
    if (this.#line !== 'open') return;
    this.#line = 'gone';
    this.network.cut();
    this.serve({ type: 'disconnect', connection: this.connection });
    this.network.cut();
    this.tell({ type: 'gone', code, reason, ...this.#by });
  }

  get #by(): { readonly line?: number } {
    return this.#number === 1 ? {} : { line: this.#number };
  }

  #dial(line: number): void {
    const how = this.options.dials[this.#dials++ % this.options.dials.length] ?? 'opens';
    this.#number = line;
    this.#line = 'opening';
    this.network.cut();
    this.later(20, () => {
      if (this.#number !== line || this.#line !== 'opening' || how === 'never answers') return;
      this.#line = how === 'opens' ? 'open' : 'gone';
      if (how === 'opens') return this.serve({ type: 'connect', connection: this.connection, model: MODEL });
      const status = how === 'is refused' ? 503 : 403;
      this.tell({ type: 'not-opened', line, status, code: null, message: 'no' });
    });
  }

  #shut(line: number): void {
    if (line !== this.#number || this.#line === 'gone') return;
    this.#line = 'gone';
    this.network.cut();
    this.serve({ type: 'disconnect', connection: this.connection });
    this.network.cut();
  }

  /** Law 13: gives another machine the same inputs. */
  replay(): void {
    this.wrong.push(...replayAll(this.options.machine, this.recorder.recordings));
  }

  #nextAt(): number {
    return Math.min(
      this.network.nextAt,
      nextDue(this.server) ?? Infinity,
      this.#due[0]?.at ?? Infinity,
      dueAt(this.session),
    );
  }

  #happen(): void {
    const isNow = (at: number | undefined | null): boolean => at !== undefined && at !== null && at <= this.now;
    const { toServer, toClient } = this.network;
    if (isNow(toServer[0]?.at)) this.#arrive(toServer.shift()!);
    else if (isNow(nextDue(this.server))) this.serve({ type: 'tick' });
    else if (isNow(toClient[0]?.at)) this.#deliver(toClient.shift()!);
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

  #arrive(flying: Network['toServer'][number]): void {
    if ('frame' in flying)
      this.serve({ type: 'text', connection: this.connection, text: JSON.stringify(flying.frame) });
    else if ('bye' in flying) {
      this.serve({ type: 'disconnect', connection: this.connection });
      this.network.bring(this.now, { closes: { code: 1000, reason: '' } });
    }
  }

  #deliver(flying: Network['toClient'][number]): void {
    if (this.#line !== 'open') return;
    if ('frame' in flying) this.#read(flying.frame);
    else if ('alive' in flying) this.tell({ type: 'alive', ...this.#by });
    else if ('closes' in flying) this.lose(flying.closes.code, flying.closes.reason);
  }

  #read(event: Frame): void {
    const isAudio = event.type === 'response.output_audio.delta' && typeof event['item_id'] === 'string';
    const audioBytes = isAudio ? this.options.deltaMs * 48 : 0;
    if (isAudio) this.outside.produced(String(event['item_id']), this.options.deltaMs);
    this.tell({ type: 'frame', event, audioBytes, ...this.#by });
  }

  #send(frame: Frame): void {
    if (isAudio(frame.type)) this.#audio.gave(this.#number, liveLine(this.session), frame);
    const refusal = this.network.send(this.now, { frame });
    if (refusal) this.network.bring(this.now, { frame: refusal });
  }

  #carryOut(command: Command): void {
    if (command.do === 'mark-audio') this.#kept.mark(markOf(command.frame), command.when);
    else if (command.do === 'forget-audio') this.#forget(command);
    else if (command.do === 'forget-turn') this.#kept.forgetTurn(command.itemId);
    else if (command.do === 'ping') {
      if (!this.network.isDead) this.network.bring(this.now, { alive: true });
    } else if (command.do === 'close-line') {
      if (this.options.leg.line === 'closes') this.network.send(this.now, { bye: true });
    } else if (command.do === 'give-up-line') this.#line = 'given up';
    else if (command.do === 'dial') this.#dial(command.line);
    else if (command.do === 'shut') this.#shut(command.line);
    else if (command.do === 'write') this.#send(this.#withAudio(command.frame));
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
    return !goesOn(this.session) && this.#line !== 'open';
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
