import type { BudgetStore, Ending, Ledger, Observer, SessionAbout, SessionState } from '../../types/index.js';
import type { Clock } from '../clock.js';
import { include, type Members, noMembers } from '../collections.js';
import { PeerError } from '../errors.js';
import {
  createSession,
  dueAt,
  type Effects,
  type Input,
  isAwaitedCommit,
  isCut,
  isIdle,
  goesOn,
  nothing,
  type Json,
  ledgerOf,
  liveLine,
  type Notice,
  type Rules,
  rulesOf,
  stateOf,
  step,
  type ToolSet,
} from '../machine/index.js';
import { cleaned, mayHold, withoutSecrets } from '../secrets.js';
import { Decoder, encode } from '../wire/index.js';
import { Answers, Errors } from './answers.js';
import { Arrivals, type ArrivalsOwner } from './arrivals.js';
import { CallerAudio } from './caller-audio.js';
import { carryOut, type Reach, type World } from './commands.js';
import { Deferred } from './deferred.js';
import { Described } from './described.js';
import { Emitter, type EmitterOwner } from './emitter.js';
import { Handles } from './handles.js';
import { type End, FIRST, type Lines } from './lines.js';
import { faultOf } from './notices.js';
import { Outbound, type OutboundOwner } from './outbound.js';
import { Reports, type Subject } from './reports.js';
import { queueEvent, queueNotice, type Telling } from './telling.js';
import { Ticker } from './ticker.js';
import { type Expected, Updates } from './updates.js';

type Timeless<Each> = Each extends unknown ? Omit<Each, 'now'> : never;
/** An input of the machine, to which the runtime adds the time. */
export type Happening = Timeless<Input>;

/**
 * Runs one connection and its machine, and decides nothing itself. Each step writes the machine's frames, settles
 * promises, notifies listeners, and runs commands last. A call from inside a listener steps at once; incoming frames
 * wait until all listeners are notified.
 */
export class Runtime implements ArrivalsOwner, EmitterOwner, OutboundOwner, Subject, Telling {
  readonly clock: Clock;
  readonly arrivals: Arrivals;
  readonly handles = new Handles(this);
  readonly errors = new Errors();
  readonly answers = new Answers(this.errors);
  readonly emitter = new Emitter(this);
  readonly updates = new Updates();
  readonly closed = new Deferred<Ending>();
  readonly described = new Described();
  world: World | null = null;
  /** The shared budget; null: none. */
  store: BudgetStore | null = null;
  /** What the caller hears while no line is live; null: nothing. */
  meanwhile: Uint8Array | null = null;
  /** Settles when the store has answered for the first time. */
  readonly firstLease = new Deferred<void>();
  readonly #decoder = new Decoder((event, json) => {
    const { secrets } = this.#outbound;
    return mayHold(json, secrets) ? cleaned(event, secrets) : event;
  });
  readonly #machine;
  #onClosed: Members<() => void> = noMembers;
  readonly #outbound = new Outbound(this);
  readonly #reports = new Reports(this.emitter, this);
  readonly #callerAudio: CallerAudio;
  #acting = false;
  #ending: Ending | null = null;
  #hangup: Deferred<Ending | { readonly kind: 'resumed' }> | null = null;
  /** Inputs from signals that were aborted inside a step. */
  readonly #afterStep: Happening[] = [];
  readonly #ticker: Ticker;
  #hasClosed = false;

  constructor(rules: Rules, clock: Clock) {
    this.clock = clock;
    this.#machine = createSession(rules);
    const [machine, outbound, reports] = [this.#machine, this.#outbound, this.#reports];
    this.#callerAudio = new CallerAudio({ machine, outbound, reports, clock, runtime: this });
    this.arrivals = new Arrivals(this.#outbound, clock, this);
    this.#ticker = new Ticker(clock, this.arrivals);
  }

  // Named questions ---------------------------------------------------------------------------------------------------

  get state(): SessionState {
    return { ...stateOf(this.#machine, this.clock.now()), dropped: this.#outbound.dropped };
  }

  /** It has not ended, and nobody is ending it. */
  get goesOn(): boolean {
    return goesOn(this.#machine);
  }

  get rules(): Rules {
    return rulesOf(this.#machine);
  }

  /** Reads something out of the machine's state. */
  ask<Answer, Rest extends readonly unknown[]>(
    question: (machine: ReturnType<typeof createSession>, ...rest: Rest) => Answer,
    ...rest: Rest
  ): Answer {
    return question(this.#machine, ...rest);
  }

  /** The server's id of the session; empty before the server has sent it. */
  get id(): string {
    return this.described.id;
  }

  get ledger(): Ledger {
    return ledgerOf(this.#machine);
  }

  /** Whether nothing more of an item may be played. */
  isCut(itemId: string): boolean {
    return isCut(this.#machine, itemId);
  }

  /** Whether the server has still to answer the commit with this `event_id`. */
  isAwaited(eventId: string): boolean {
    return isAwaitedCommit(this.#machine, eventId);
  }

  /** Whether arrivals wait. */
  get isBusy(): boolean {
    return this.emitter.isTelling || this.#acting;
  }

  get hasClosed(): boolean {
    return this.#hasClosed;
  }

  /** Attaches observers, from here on. */
  watch(observers: readonly Observer[], about: Pick<SessionAbout, 'model' | 'callId'>): void {
    const [startedAt, wallTime] = [this.clock.now(), Date.now()];
    this.#reports.begin(observers, { ...about, startedAt, wallTime, rules: this.rules }, (error) => this.fault(error));
  }

  // From the network --------------------------------------------------------------------------------------------------

  attach(...opened: Parameters<Lines['begin']>): void {
    const able = this.arrivals.lines.begin(...opened);
    this.arrivals.alive();
    this.call({ type: 'rules', rules: { ...this.rules, ...able } });
  }

  takeSign(line: number): void {
    this.#perform({ type: 'alive', ...by(line) });
  }

  takeEnd(what: End, line: number): void {
    if ('opened' in what) return this.#perform({ type: 'opened', line });
    if ('notOpened' in what) return this.#perform({ type: 'not-opened', ...what.notOpened, line });
    const { code, reason } = what.gone;
    this.#perform({ type: 'gone', code, reason: withoutSecrets(reason, this.#outbound.secrets), ...by(line) });
  }

  /** Checks the unsent bytes once more before a deadline passes: the peer may be reading again. */
  takeTick(): void {
    this.#callerAudio.watchBacklog();
    this.#perform({ type: 'tick' });
  }

  takeFrame(frame: string | Uint8Array, line: number): void {
    const decoded = this.#decoder.decode(frame);
    if (decoded.kind === 'unreadable') {
      return this.fault(new PeerError(`The server sent a frame that cannot be read: ${decoded.reason}.`));
    }
    const audio = decoded.kind === 'audio' ? decoded.bytes : null;
    const { event } = decoded;
    const isHeard = this.#live === line;
    this.described.note(line, event);
    const input = { type: 'frame', event, audioBytes: audio?.length ?? 0, now: this.clock.now() } as const;
    const effects = this.#step(line === FIRST ? input : { ...input, line });
    this.#settle(effects.notices);
    if (isHeard) queueEvent(this, event, audio);
    this.#finish(effects);
  }

  get #live(): number {
    return liveLine(this.#machine);
  }

  // From the user -----------------------------------------------------------------------------------------------------

  /** Steps at once, then notifies. Throws `MisuseError` from inside a guard, without stepping. */
  call(happening: Happening): void {
    this.answers.mustNotBeAsking();
    this.#perform(happening);
  }

  /**
   * Like `call`, for an aborted signal. It never throws, since an error in a signal's listener would end the process.
   * If a guard or `accept` aborts the signal, the input follows right after the step in progress.
   */
  aborted(happening: Happening): void {
    if (this.answers.isAsking) this.#afterStep.push(happening);
    else this.#perform(happening);
  }

  withdraw(request: number): void {
    this.call({ type: 'withdraw', request });
  }

  cancel(of: { readonly request: number } | { readonly response: string }): void {
    this.call({ type: 'cancel', of });
  }

  /** Sends text that needs no step of the machine: audio. */
  append(text: string): void {
    this.answers.mustNotBeAsking();
    this.#callerAudio.append(text);
    this.emitter.flush();
  }

  /** Counts an event that is not sent. */
  drop(): void {
    this.#outbound.dropped++;
  }

  /** Asks for a configuration. */
  configure<Value>(
    update: { readonly session: Json; readonly tools: ToolSet | null; readonly timeoutMs: number },
    expected: Expected<Value>,
  ): { readonly id: number; readonly done: Promise<Value> } {
    const { id, done } = this.updates.expect(expected);
    this.call({ type: 'update', update: { ...update, id } });
    return { id, done };
  }

  /** Passes a tool's result to the machine. Never called from inside a guard. */
  returned(returned: Extract<Input, { type: 'tool-returned' }>['returned']): void {
    this.#perform({ type: 'tool-returned', returned });
  }

  /** Begins a hang-up. All calls while one is pending get the same promise. */
  hangup(happening: Extract<Happening, { type: 'hang-up' }>): Promise<Ending | { readonly kind: 'resumed' }> {
    this.answers.mustNotBeAsking();
    if (!this.goesOn) {
      this.#perform(happening);
      return this.closed.promise;
    }
    const promised = (this.#hangup ??= new Deferred());
    this.#perform(happening);
    return promised.promise;
  }

  /** Ends the session. Resolves once it has ended. */
  close(): Promise<void> {
    this.call({ type: 'close', ending: { kind: 'closed' } });
    return this.closed.promise.then(() => undefined);
  }

  /** Calls `run` once the session has closed. Returns a function that cancels this. */
  onClosed(run: () => void): () => void {
    this.#onClosed = include(this.#onClosed, run);
    return () => this.#onClosed.delete(run);
  }

  /** Reports a fault to its listeners; where there are none, as a process warning or on the console. */
  fault(error: Error): void {
    this.queueFault(error);
    this.emitter.flush();
  }

  /** The same, after what is being told. */
  queueFault(error: Error): void {
    this.#reports.fault(error);
  }

  allTold(): void {
    this.arrivals.drain();
  }

  // A step ------------------------------------------------------------------------------------------------------------

  #perform(happening: Happening): void {
    const effects = this.#step(Object.assign(happening, { now: this.clock.now() }));
    this.#settle(effects.notices);
    this.#finish(effects);
  }

  /** Runs one step. Writes every frame before anything is settled or notified. */
  #step(input: Input): Effects {
    const effects = step(this.#machine, input, this.#reports.noting(this.answers.answer));
    if (effects !== nothing) this.#use(this.#live);
    if (effects.frames.length > 0) this.#write(effects);
    this.#reports.stepped(input, effects);
    return effects;
  }

  #use(line: number): void {
    this.#outbound.use(line);
    this.described.use(line);
  }

  #write({ frames }: Effects): void {
    this.#undisturbed(() => {
      for (const frame of frames) this.#outbound.send(encode(frame));
    });
  }

  /** Queues what a transport answers before `send()` returns. */
  #undisturbed(act: () => void): void {
    const before = this.#acting;
    this.#acting = true;
    act();
    this.#acting = before;
  }

  #finish(effects: Effects): void {
    if (effects !== nothing) this.#tellAndCarryOut(effects);
    this.#ticker.set(dueAt(this.#machine), isIdle(this.#machine) ? 'background' : undefined);
    for (let next = this.#afterStep.shift(); next; next = this.#afterStep.shift()) this.#perform(next);
    this.emitter.flush();
    this.arrivals.drain();
    if (this.#ending) this.#end(this.#ending);
  }

  #tellAndCarryOut({ frames, notices, commands }: Effects): void {
    for (const notice of notices) {
      if (notice.kind === 'fault') this.queueFault(faultOf(notice, this.errors));
      else queueNotice(this, notice, this.described.id);
    }
    if (notices.length > 0) this.#reports.decided();
    if (frames.length > 0) this.#callerAudio.watchBacklog();
    if (commands.length > 0) this.#carryOut(commands);
    this.#callerAudio.watchKept();
  }

  #carryOut(commands: Effects['commands']): void {
    this.#undisturbed(() => {
      const reach = this.#reach;
      for (const command of commands) carryOut(command, reach);
    });
  }

  /** Settles promises at once; their awaiters run later, as microtasks. */
  #settle(notices: readonly Notice[]): void {
    for (const notice of notices) {
      this.handles.apply(notice);
      if (notice.kind === 'confirmed') this.updates.confirm(notice.update);
      if (notice.kind === 'unconfirmed') this.updates.fail(notice.update, notice.failure);
      if (notice.kind === 'resumed') this.#settleHangup({ kind: 'resumed' });
      if (notice.kind === 'closed') this.#ending = notice.ending;
    }
  }

  #settleHangup(how: Ending | { readonly kind: 'resumed' }): void {
    this.#hangup?.settle(how);
    this.#hangup = null;
  }

  get #reach(): Reach {
    const { store, emitter, world } = this;
    const { lines } = this.arrivals;
    const holder = this.rules.prefix;
    const fault = (error: Error): void => this.queueFault(error);
    const turnKept: Reach['turnKept'] = (turn) => void this.#afterStep.push({ type: 'turn-kept', ...turn });
    const kept = (how: { readonly threw: unknown } | null) => how && this.errors.keep(how.threw);
    const legEnded: Reach['legEnded'] = (how) => this.#perform({ type: 'call-ended', threw: kept(how) });
    const leased: Reach['leased'] = (nanoUsd, how) => {
      this.#perform({ type: 'leased', nanoUsd, threw: kept(how) });
      this.firstLease.settle();
    };
    return { outbound: this.#outbound, lines, emitter, world, store, holder, legEnded, leased, turnKept, fault };
  }

  #end(ending: Ending): void {
    if (this.emitter.isTelling) return;
    this.#ending = null;
    this.#outbound.detach();
    this.#hasClosed = true;
    for (const run of [...this.#onClosed]) run();
    this.#onClosed = noMembers;
    this.#settleHangup(ending);
    this.closed.settle(ending);
    this.#reports.ended(ending);
  }
}

/** The first line goes without saying. */
const by = (line: number): { readonly line?: number } => (line === FIRST ? {} : { line });
