import type { RealtimeServerEvent, RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { Except } from 'type-fest';
import type { ClientEventType, Sent, SessionEvents } from './events.js';
import type { BudgetChange } from './budget.js';
import type { Ledger } from './ledger.js';
import type { SessionPlan, SessionSettings } from './plan.js';
import type { Respond, ResponseHandle, ResponseParameters } from './response.js';
import type { AnyTool, ToolPurpose } from './tool.js';
import type { SessionState } from './state.js';
import type { BuiltInGuard } from './verdict.js';

/** The options of `configure()`. */
export interface ConfigureOptions {
  /** Aborts the waiting; `ConfigureError` of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds to wait for the server's `session.updated`; then `ConfigureError` of kind `timeout`.
   *
   * @default limits.confirmMs
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * Connected, and that is all: it can be configured or closed. There is no `respond`, no `send` and no audio, because
 * audio sent before the first confirmed update is answered by a default persona that then locks the voice.
 */
export interface UnconfirmedSession extends AsyncDisposable {
  /** The model that was asked for. Null on a sideband connection to a call. */
  readonly model: string | null;
  /**
   * Sends `session.update`, and resolves only on a `session.updated` whose effective session contains all that was
   * asked for. After a rejection it may be called again.
   *
   * @throws `ConfigureError` where the server rejects or changes it, does not answer, or is gone; `MisuseError` for options
   * that cannot be, while another call is under way, and once one has resolved.
   * @example
   * ```ts
   * const unconfirmed = await connect({ model: 'gpt-realtime-2.1' });
   * const session = await unconfirmed.configure({ purposes: ['greeting'] });
   * ```
   */
  configure<
    const Purpose extends string = string,
    const Tools extends readonly AnyTool[] = readonly [],
    const Guard extends string = never,
  >(
    plan: SessionPlan<Purpose, Tools, Guard>,
    options?: ConfigureOptions,
  ): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>>;
  /**
   * Closes the connection; never rejects. Once `configure()` has resolved, the connection belongs to the confirmed session, and
   * this and disposal do nothing.
   *
   * @example
   * ```ts
   * const unconfirmed = await connect({ model: 'gpt-realtime-2.1' });
   * await unconfirmed.close();
   * ```
   */
  close(): Promise<void>;
}

/** How a session ended. */
export type Ending =
  | {
      /** By `close()`. */
      readonly kind: 'closed';
    }
  | {
      /** By `hangup()`, or because a failure ended the call. */
      readonly kind: 'hung-up';
      /** The fate of the farewell: `heard` to its end, `cut` short, `failed`, or there was `none`. */
      readonly farewell: 'heard' | 'cut' | 'failed' | 'none';
      /** Where the carrier's leg could not be ended: `hangUp` threw, or did not return in time. */
      readonly leg?: 'failed' | 'unanswered';
    }
  | {
      /** On a sideband: the server closes the control line in good order when the caller hangs up. */
      readonly kind: 'caller-hung-up';
    }
  | {
      /** The server ended the session at its time limit. */
      readonly kind: 'expired';
    }
  | {
      /** The connection ended. */
      readonly kind: 'lost';
      /** The socket's close code; null where none came. */
      readonly code: number | null;
      /** The reason that came with it; empty where none came. */
      readonly reason: string;
    };

/** The options of `once()`. */
export interface OnceOptions<Event> {
  /** Aborts the waiting: it rejects with the signal's reason. Left out: it waits until the session ends. */
  readonly signal?: AbortSignal | undefined;
  /** Which of the events it is. Left out: the first. */
  readonly where?: ((event: Event) => boolean) | undefined;
}

/** The options of `hangup()`. Every one may be left out. */
export interface HangUpOptions {
  /**
   * Spoken before the call ends, and heard to its end. It calls no tool, unless `tool_choice` says so. Left out: none, and
   * the call ends at once.
   */
  readonly farewell?: ResponseParameters | undefined;
  /**
   * The effect of the user's voice on the farewell: speech now, an answer of the server's that is imminent, or any later turn.
   * `resume`: the farewell is taken back, and the call goes on. `hang-up`: the farewell is said once the user
   * has stopped, and cannot be interrupted; the server is first told to answer and to interrupt no more, and `update()` is
   * aborted from then on.
   *
   * @default 'resume'
   */
  readonly onBargeIn?: 'resume' | 'hang-up' | undefined;
  /**
   * Milliseconds after which the farewell is over, whatever has become of it. The carrier's leg then has five seconds at
   * least to be ended.
   *
   * @default 30_000
   */
  readonly deadlineMs?: number | undefined;
}

/** The argument of `update()`. Settings that are left out stay as they are. */
export interface SessionChange<Tools extends readonly AnyTool[] = readonly AnyTool[]> {
  /** The wire's own settings, those that change. */
  readonly session?: SessionSettings | undefined;
  /** All the tools from now on. Each of ours brings a purpose, `tool:<name>`. */
  readonly tools?: Tools | undefined;
}

/** The session as the server last told it: what was asked for, and everything that it filled in, such as the voice. */
export interface EffectiveSession extends Except<RealtimeSessionCreateRequest, 'type'> {
  /** The server's session id. */
  readonly id?: string;
  /** When the server will end the session: seconds since 1970. */
  readonly expires_at?: number;
}

/**
 * A confirmed session, to code that does not know its purposes: everything but `respond`.
 *
 * In which order things are seen: a call such as `respond()` decides at once, and what it sends is on the wire before it
 * returns its verdict. A frame of the server's is taken in whole before the next: first it is decided what it means, then
 * what that sends is sent, then promises settle (whoever awaits them runs once the listeners have been told), then
 * listeners are told: `event`, the event's own name, `audio`, then what it led to, in order. A call from inside a listener
 * decides and sends at once; what it leads to is told after what is being told. Tools start last. `closed` resolves after
 * everything else has settled.
 */
export interface AnySession extends AsyncDisposable {
  /** The server's session id. */
  readonly id: string;
  /** How the session ended. Resolves once, never rejects. */
  readonly closed: Promise<Ending>;
  /**
   * Where the session stands, a copy: what is said, what waits, and why.
   *
   * @example
   * ```ts
   * console.log(session.state.shut, session.state.held);
   * ```
   */
  readonly state: SessionState;
  /**
   * Usage and cost of the session so far, a copy: tokens and money, by purpose, by model, by response. Once `closed` has
   * resolved, the final statement.
   *
   * @example
   * ```ts
   * const { total, byPurpose } = session.ledger;
   * console.log(`${total.nanoUsd / 1e9} dollars, greetings ${(byPurpose['greeting']?.nanoUsd ?? 0) / 1e9}`);
   * ```
   */
  readonly ledger: Ledger;
  /**
   * The session as the server last told it, a copy: its voice, its `expires_at`.
   *
   * @example
   * ```ts
   * const secondsLeft = (session.effective.expires_at ?? 0) - Date.now() / 1_000;
   * ```
   */
  readonly effective: EffectiveSession;
  /**
   * Sends any client event but the three that are gated. Throws `MisuseError` for those, and for what is not an event;
   * then nothing is sent. What was checked is what is sent. After the end it drops, and counts.
   *
   * @example
   * ```ts
   * session.send({ type: 'input_audio_buffer.commit' });
   * ```
   */
  send<Type extends ClientEventType>(event: Sent<Type>): void;
  /**
   * Bytes or base64, in the session's input format; 15 MiB of base64 at most, which is the server's limit. Throws
   * `MisuseError` for more, or for anything else. After the end it drops, and counts. Where the peer has stopped reading it
   * drops, counts, and is a `fault` once.
   *
   * @example
   * ```ts
   * microphone.on('data', (chunk: Uint8Array) => session.appendAudio(chunk));
   * ```
   */
  appendAudio(audio: Uint8Array | string): void;
  /**
   * Your own voice detection, or a button. It moves the guard and sends nothing. The server's detection is a flag of its
   * own: neither ends the other's turn.
   *
   * @example
   * ```ts
   * button.onPress(() => session.userTurn('begins'));
   * button.onRelease(() => session.userTurn('ends'));
   * ```
   */
  userTurn(edge: 'begins' | 'ends'): void;
  /**
   * The carrier's marks: how much of an item has been played, in milliseconds from its start. From the first mark on, they
   * alone say what was heard; marks that stop coming are waited for for 15 s.
   *
   * @example
   * ```ts
   * carrier.on('mark', ({ itemId, ms }) => session.heard({ itemId, ms }));
   * ```
   */
  heard(position: {
    /** The item that is being played, as in the event `audio`. */
    readonly itemId: string;
    /** Milliseconds from its start that have been played. */
    readonly ms: number;
  }): void;
  /**
   * Changes the session. The gate is shut until the server has confirmed it; updates wait for each other. Rejects with
   * `ConfigureError`: the last confirmed configuration then stands, as soon as the server has said so. Where the server
   * confirms it after all, it stands, and a `fault` says so.
   *
   * @example
   * ```ts
   * await session.update({ session: { instructions: 'You now repair shoes.' } });
   * ```
   */
  update(change: SessionChange): Promise<AnySession>;
  /**
   * Stops what is being said: cancels the open response by id, and tells the server how much was heard; where the server
   * plays, it clears what it has still to play. Held requests stay held.
   *
   * @example
   * ```ts
   * operators.on('joined', () => session.interrupt());
   * ```
   */
  interrupt(): void;
  /**
   * Asks your own guards again, when only the outside world has changed.
   *
   * @example
   * ```ts
   * operators.on('left', () => session.reconsider());
   * ```
   */
  reconsider(): void;
  /**
   * Ends the call: everything that waits is refused, the farewell is heard, the carrier's leg is hung up, the session is
   * closed. Calling it twice is one hang-up. Never rejects; throws `MisuseError` for options that cannot be, and then the
   * call goes on. What it refused, the follow-up of a tool as well, is not asked for again where the caller takes the call
   * back: ask again once it has `resumed`.
   *
   * @example
   * ```ts
   * const ending = await session.hangup({ farewell: { instructions: 'Say goodbye.' } });
   * if (ending.kind === 'resumed') console.log('The caller had more to say.');
   * ```
   */
  hangup(options?: HangUpOptions): Promise<
    | Ending
    | {
        /** The caller took the call back: it goes on. */
        readonly kind: 'resumed';
      }
  >;
  /**
   * Changes what the session may spend in all: a higher limit opens the guard `over-budget`, and has the server answer
   * again where the budget had told it to stop.
   *
   * @throws `MisuseError` where the plan has no budget, and for amounts that cannot be.
   * @example
   * ```ts
   * session.setBudget({ limit: 2, warnAt: 1.5 });
   * ```
   */
  setBudget(change: BudgetChange): void;
  /**
   * Gives the output of a tool that was declared without `run`. Written as what a tool returns would be.
   *
   * @throws `MisuseError` for a call that is not the session's own to answer, or that has its output.
   * @example
   * ```ts
   * session.on('call', ({ callId, args }) => void ask(operator, args).then((said) => session.answer(callId, said)));
   * ```
   */
  answer(callId: string, result: unknown): void;
  /**
   * Resolves with the next event of this name, or the next for which `where` returns true. Rejects with the signal's
   * reason when that is aborted, with what `where` throws, and with a `TransportError` when the session ends first; may be
   * left unawaited.
   *
   * @example
   * ```ts
   * const { event: key } = await session.once('input_audio_buffer.dtmf_event_received', { signal: AbortSignal.timeout(5_000) });
   * ```
   */
  once<Type extends keyof SessionEvents>(
    type: Type,
    options?: OnceOptions<SessionEvents[Type]>,
  ): Promise<SessionEvents[Type]>;
  /**
   * Calls `listener` for each event, in order; the second argument is the response that the event belongs to. Returns
   * what takes it off. A listener that throws is a `fault`, and breaks neither the session nor the others.
   *
   * @example
   * ```ts
   * const off = session.on('audio', ({ bytes }) => speaker.write(bytes));
   * ```
   */
  on<Type extends keyof SessionEvents>(
    type: Type,
    listener: (event: SessionEvents[Type], response: ResponseHandle | undefined) => void,
  ): () => void;
  /**
   * Every server event from now on, for `for await`. Ends with the session. A loop that falls `buffer` events behind
   * (default 1,000) is stopped with a `MisuseError`; the session goes on. A loop that is left leaves nothing behind.
   *
   * @example
   * ```ts
   * for await (const event of session.events()) console.log(event.type);
   * ```
   */
  events(options?: {
    /**
     * How many events the loop may fall behind.
     *
     * @default 1_000
     */
    readonly buffer?: number | undefined;
  }): AsyncIterableIterator<RealtimeServerEvent>;
  /**
   * Refuses what waits, and closes the socket. Resolves once it is closed; never rejects. `await using` calls it at the end
   * of the block; in plain JavaScript that is syntax since Node 24, and before it takes `try` and `finally`.
   *
   * @example
   * ```ts
   * const session = await openSession({ model: 'gpt-realtime-2.1', purposes: ['greeting'] });
   * try {
   *   await session.respond('greeting').done;
   * } finally {
   *   await session.close();
   * }
   * ```
   */
  close(): Promise<void>;
}

/** A session that the server has confirmed: what the model says is asked for by `respond()`. */
export interface ConfirmedSession<in Purpose extends string, out Guard extends string = string> extends AnySession {
  /**
   * Asks the gate for a response, for a declared purpose: the only way to have the model speak. What is admitted is on the
   * wire before this returns; what is held is bounded; what is refused says why. A value: destructure it, pass it on.
   *
   * @throws `MisuseError` for a purpose that was not declared, for malformed options, and from inside a guard's function;
   * then nothing is sent and nothing changes.
   * @example
   * ```ts
   * const verdict = session.respond('greeting', { whenBlocked: 'hold-this-turn' });
   * if (verdict.kind === 'refuse') console.warn(verdict.by, verdict.message);
   * ```
   */
  readonly respond: Respond<Purpose, Guard>;
  /**
   * Changes settings and tools. The gate is shut until the server confirms all that was asked for. Resolves with the same
   * session, its purposes widened by the new tools; rejects with `ConfigureError`, and then what was confirmed before
   * stands. Updates wait for one another.
   *
   * @example
   * ```ts
   * const widened = await session.update({ tools: [transferCall] });
   * ```
   */
  update<const Tools extends readonly AnyTool[] = readonly []>(
    change: SessionChange<Tools>,
  ): Promise<ConfirmedSession<Purpose | ToolPurpose<Tools>, Guard>>;
}
