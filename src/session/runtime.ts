import type { Ending, Gone, HangUpReason, Line } from '../../types/index.js';
import type { Clock } from '../clock.js';
import { MisuseError, PeerError, TransportError } from '../errors.js';
import {
  at,
  createSession,
  dueAt,
  isCut,
  isIdle,
  isOpen,
  isRecord,
  stateOf,
  step,
  takesAudio,
  textOf,
  type Command,
  type Effects,
  type Input,
  type Json,
  type Notice,
  type Rules,
  type ServerEvent,
  type Settlement,
  type ToolSet,
} from '../machine/index.js';
import { cleaned, withoutSecrets } from '../secrets.js';
import { decode, encode } from '../wire/index.js';
import { Answers, Errors } from './answers.js';
import { Deferred } from './deferred.js';
import { asError, Emitter } from './emitter.js';
import { requestName } from './handle.js';
import { Handles } from './handles.js';
import { Inbox } from './inbox.js';
import { whenQuiet } from './quiet.js';
import { Updates } from './updates.js';
import { warn } from './warn.js';

type Timeless<Each> = Each extends unknown ? Omit<Each, 'now'> : never;
/** What happens to the machine; the runtime adds when. */
export type Happening = Timeless<Input>;

type Arrival = string | Uint8Array | { readonly gone: Gone } | 'alive' | 'tick';

interface Timer {
  readonly due: number;
  readonly kind: 'background' | undefined;
  readonly callOff: () => void;
}

/** What the machine may ask of the session around it. */
export interface World {
  runTool(command: Extract<Command, { do: 'run-tool' }>): void;
  abortTool(command: Extract<Command, { do: 'abort-tool' }>): void;
  endCall(why: HangUpReason): Promise<void>;
}

/** Unsent bytes: beyond the first, audio is dropped, until fewer than the second are left; beyond the third the line is lost. */
const BACKLOG = { over: 1024 * 1024, under: 256 * 1024, farOver: 32 * 1024 * 1024 };

/**
 * One connection and its machine. It decides nothing: it steps the machine, sends what that writes, settles what it
 * promises, tells listeners, and last starts what is to run. A call from inside a listener steps at once; frames wait
 * until all is told.
 */
export class Runtime {
  readonly clock: Clock;
  readonly handles: Handles;
  readonly errors = new Errors();
  readonly answers = new Answers(this.errors);
  readonly emitter = new Emitter({
    told: () => this.#inbox.drain(),
    threw: (error) => this.fault(asError(error)),
  });
  readonly updates = new Updates();
  readonly closed = new Deferred<Ending>();
  /** The server's id of the session; empty before the server has said it. */
  id = '';
  /** The session as the server last told it. */
  effective: Json = {};
  /** How often something was sent after the end, or not taken by the line. */
  dropped = 0;
  world: World | null = null;
  readonly #machine;
  readonly #inbox = new Inbox<Arrival>(
    (item) => this.#take(item),
    () => this.emitter.isTelling || this.#acting,
  );
  readonly #onClosed = new Set<() => void>();
  #line: Line | null = null;
  #secrets: readonly string[] = [];
  #acting = false;
  #ending: Ending | null = null;
  #hangup: Deferred<Ending | { readonly kind: 'resumed' }> | null = null;
  #arrivals = 0;
  #hasClosed = false;
  #timer: Timer | null = null;

  constructor(rules: Rules, clock: Clock) {
    this.clock = clock;
    this.#machine = createSession(rules);
    this.handles = new Handles({
      withdraw: (request) => this.call({ type: 'withdraw', request }),
      cancel: (of) => this.call({ type: 'cancel', of }),
    });
  }

  // Named questions ---------------------------------------------------------------------------------------------------

  get state(): ReturnType<typeof stateOf> {
    return stateOf(this.#machine, this.clock.now());
  }

  get isOpen(): boolean {
    return isOpen(this.#machine);
  }

  get rules(): Rules {
    return this.#machine.rules;
  }

  /** Asks the machine a question. */
  ask<Answer, Rest extends readonly unknown[]>(
    question: (machine: ReturnType<typeof createSession>, ...rest: Rest) => Answer,
    ...rest: Rest
  ): Answer {
    return question(this.#machine, ...rest);
  }

  get hasClosed(): boolean {
    return this.#hasClosed;
  }

  // From the network --------------------------------------------------------------------------------------------------

  attach(line: Line): void {
    this.#line = line;
    this.#secrets = line.secrets ?? [];
    this.call({ type: 'rules', rules: { ...this.rules, pings: line.ping ? 'can ask' : 'cannot ask' } });
    this.#arrive('alive');
  }

  frame(frame: string | Uint8Array): void {
    this.#arrive(frame);
  }

  alive(): void {
    this.#arrive('alive');
  }

  gone(gone: Gone): void {
    this.#arrive({ gone });
  }

  /** Frames wait until the next macrotask, so that `on()` right after an `await` misses none of them. */
  pause(): void {
    this.#inbox.pause();
    this.clock.after(0, () => this.#inbox.resume());
  }

  #arrive(item: Arrival): void {
    this.#arrivals++;
    this.#inbox.put(item);
  }

  #take(item: Arrival): void {
    if (item === 'tick' || item === 'alive') return this.#perform({ type: item });
    if (typeof item === 'string' || item instanceof Uint8Array) return this.#takeFrame(item);
    const { code, reason } = item.gone;
    this.#line = null;
    this.#perform({ type: 'gone', code, reason: withoutSecrets(reason, this.#secrets) });
  }

  #takeFrame(frame: string | Uint8Array): void {
    const decoded = decode(frame);
    if (decoded.kind === 'unreadable') {
      return this.fault(new PeerError(`The server sent a frame that cannot be read: ${decoded.reason}.`));
    }
    const audio = decoded.kind === 'audio' ? decoded.bytes : null;
    const event: ServerEvent = audio ? decoded.event : cleaned(decoded.event, this.#secrets);
    if (event.type.startsWith('session.')) this.#noteSession(event['session']);
    const effects = this.#step({ type: 'frame', event, audioBytes: audio?.length ?? 0 });
    this.#settle(effects.notices);
    this.#queueEvent(event, audio);
    this.#finish(effects);
  }

  #noteSession(session: unknown): void {
    if (!isRecord(session)) return;
    this.effective = session;
    this.id = textOf(session['id']) ?? this.id;
  }

  #queueEvent(event: ServerEvent, audio: Uint8Array | null): void {
    const { emitter } = this;
    if (!audio && !emitter.hasListeners('event') && !emitter.hasListeners(event.type)) return;
    const response = this.handles.of(event['response_id'] ?? at(event, 'response', 'id'));
    emitter.queue('event', event, response);
    // A name of ours is not the server's to use.
    if (!ours.has(event.type)) emitter.queue(event.type, event, response);
    const itemId = textOf(event['item_id']);
    if (!audio || itemId === null || isCut(this.#machine, itemId)) return;
    emitter.queue('audio', { bytes: audio, base64: event['delta'], itemId }, response);
  }

  // From the user -----------------------------------------------------------------------------------------------------

  /** Steps at once, then tells. Throws `MisuseError` from inside a guard, and then does nothing. */
  call(happening: Happening): void {
    this.answers.mustNotBeAsking();
    this.#perform(happening);
  }

  /** Sends text that needs no step of the machine: audio. */
  append(text: string): void {
    this.answers.mustNotBeAsking();
    if (!this.isOpen || !this.#line) {
      this.dropped++;
      return;
    }
    this.#watchBacklog();
    if (takesAudio(this.#machine)) this.#send(text);
    else this.dropped++;
    this.emitter.flush();
  }

  /** Asks for a configuration. `onConfirmed` runs at the confirming frame, before anything is told. */
  configure(
    update: { readonly session: Json; readonly tools: ToolSet | null; readonly timeoutMs: number },
    onConfirmed: () => void,
  ): ReturnType<Updates['expect']> {
    const expected = this.updates.expect(onConfirmed);
    this.call({ type: 'update', update: { ...update, id: expected.id } });
    return expected;
  }

  /** What became of a tool. A call from inside a guard it is not, whenever it comes. */
  returned(returned: Extract<Input, { type: 'tool-returned' }>['returned']): void {
    this.#perform({ type: 'tool-returned', returned });
  }

  /** One promise for however many hang-ups are asked for while one is pending. */
  hangup(happening: Extract<Happening, { type: 'hang-up' }>): Promise<Ending | { readonly kind: 'resumed' }> {
    this.answers.mustNotBeAsking();
    if (!this.isOpen) {
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

  /** Calls `run` once the session has closed; returns what calls that off. */
  onClosed(run: () => void): () => void {
    this.#onClosed.add(run);
    return () => this.#onClosed.delete(run);
  }

  /** Tells the operator; where nobody listens for faults, the process or the console. */
  fault(error: Error): void {
    this.#queueFault(error);
    this.emitter.flush();
  }

  #queueFault(error: Error): void {
    if (this.emitter.hasListeners('fault')) this.emitter.queue('fault', error);
    else warn(error);
  }

  // A step ------------------------------------------------------------------------------------------------------------

  #perform(happening: Happening): void {
    const effects = this.#step(happening);
    this.#settle(effects.notices);
    this.#finish(effects);
  }

  /** Every frame is written before anything is settled or told. */
  #step(happening: Happening): Effects {
    const effects = step(this.#machine, { ...happening, now: this.clock.now() }, this.answers.answer);
    if (effects.frames.length > 0) this.#write(effects);
    return effects;
  }

  #write({ frames }: Effects): void {
    this.#undisturbed(() => {
      for (const frame of frames) this.#send(encode(frame));
    });
  }

  /** A line may answer before it returns: what it says waits. */
  #undisturbed(act: () => void): void {
    const before = this.#acting;
    this.#acting = true;
    act();
    this.#acting = before;
  }

  /** A line that throws has lost the frame, and breaks no step. */
  #send(text: string): void {
    try {
      this.#line?.send(text);
    } catch (cause) {
      this.dropped++;
      this.#queueFault(new TransportError('The line did not take a frame: it is lost.', { cause }));
    }
  }

  #finish({ notices, commands }: Effects): void {
    for (const notice of notices) this.#queueNotice(notice);
    this.#undisturbed(() => {
      for (const command of commands) this.#carryOut(command);
    });
    this.#wake();
    this.emitter.flush();
    this.#inbox.drain();
    if (this.#ending) this.#end(this.#ending);
  }

  /** What is promised is settled at once; who awaits it is told by the event loop. */
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

  #queueNotice(notice: Notice): void {
    const { emitter } = this;
    if (notice.kind === 'created') emitter.queue('response', this.handles.of(notice.response));
    if (notice.kind === 'record') emitter.queue('verdict', this.#recordOf(notice.record));
    if (notice.kind === 'cut') emitter.queue('cut', { heard: notice.heard });
    if (notice.kind === 'tools') emitter.queue('tools', notice.round);
    if (notice.kind === 'fault') this.#queueFault(this.#faultOf(notice));
  }

  #recordOf({ request, response, ...rest }: Settlement): object {
    return {
      sessionId: this.id,
      requestId: requestName(request),
      responseId: response,
      ...rest,
      wallTime: Date.now(),
      outcome: rest.verdict === 'refuse' ? 'unsent' : null,
    };
  }

  #faultOf({ whose, message, thrown }: Extract<Notice, { kind: 'fault' }>): Error {
    const error = thrown && this.errors.take(thrown.ref);
    if (error) return error;
    if (whose === 'user') return new MisuseError(message);
    return whose === 'server' ? new PeerError(message) : new TransportError(message);
  }

  #carryOut(command: Command): void {
    try {
      this.#do(command);
    } catch (cause) {
      this.#queueFault(new TransportError('The line did not do what it was told.', { cause }));
    }
  }

  #do(command: Command): void {
    switch (command.do) {
      case 'close-line':
        return this.#line?.close(command.code, command.reason);
      case 'give-up-line':
        this.#line?.close(1001, 'OK');
        this.#line = null;
        return;
      case 'ping':
        return this.#line?.ping?.();
      case 'run-tool':
        return this.world?.runTool(command);
      case 'abort-tool':
        return this.emitter.queueCall(() => this.world?.abortTool(command));
      case 'end-call':
        return void this.#endCall(command.why);
    }
  }

  /** Never inside a step: what the user's function does at once comes after all that is being told. */
  async #endCall(why: HangUpReason): Promise<void> {
    await Promise.resolve();
    try {
      await this.world?.endCall(why);
      this.#perform({ type: 'call-ended', threw: null });
    } catch (error) {
      this.#perform({ type: 'call-ended', threw: this.errors.keep(error) });
    }
  }

  #end(ending: Ending): void {
    if (this.emitter.isTelling) return;
    this.#ending = null;
    this.#line = null;
    this.#hasClosed = true;
    this.closed.settle(ending);
    this.#settleHangup(ending);
    for (const run of [...this.#onClosed]) run();
    this.#onClosed.clear();
  }

  // Time --------------------------------------------------------------------------------------------------------------

  /** A timer that is set for earlier than is due stays: it costs a step that does nothing, and not a new timer each time. */
  #wake(): void {
    const due = dueAt(this.#machine);
    const kind = isIdle(this.#machine) ? 'background' : undefined;
    if (this.#timer && this.#timer.due <= due && this.#timer.kind === kind && due !== Infinity) return;
    this.#timer?.callOff();
    this.#timer = due === Infinity ? null : this.#arrange(due, kind);
  }

  /** A deadline queues behind the frames, and waits until nothing more arrives at this moment. */
  #arrange(due: number, kind: 'background' | undefined): Timer {
    let callOff = (): void => undefined;
    const passed = (): void => {
      callOff = whenQuiet(
        this.clock,
        () => this.#arrivals,
        () => {
          this.#timer = null;
          this.#inbox.put('tick');
        },
      );
    };
    callOff = this.clock.after(Math.max(0, due - this.clock.now()), passed, kind);
    return { due, kind, callOff: () => callOff() };
  }

  /** What the line has taken and not sent is told to the machine where it crosses a bound. */
  #watchBacklog(): void {
    const unsent = this.#line?.unsentBytes;
    if (unsent === undefined) return;
    if (unsent > BACKLOG.farOver) this.#perform({ type: 'backlog', is: 'far over' });
    else if (unsent > BACKLOG.over && takesAudio(this.#machine)) this.#perform({ type: 'backlog', is: 'over' });
    else if (unsent < BACKLOG.under && !takesAudio(this.#machine)) this.#perform({ type: 'backlog', is: 'under' });
  }
}

/** The events of `on()` that are not the server's. */
const ours: ReadonlySet<string> = new Set([
  ...['event', 'audio', 'cut', 'response', 'verdict', 'call', 'tools', 'fault'],
]);
