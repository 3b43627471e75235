import type { Observer } from './observe.js';
import type { HangUpReason, SessionPlan } from './plan.js';
import type { Transport } from './transport.js';
import type { AnyTool } from './tool.js';

/** Time as the session sees it: monotonic milliseconds, and one way to be called later. */
export interface Clock {
  /**
   * Returns milliseconds since a start of its own; never fewer than before.
   *
   * @example
   * ```ts
   * const started = clock.now();
   * console.log(clock.now() - started);
   * ```
   */
  now(): number;
  /**
   * Returns the Unix time, in milliseconds. Left out: the system's.
   *
   * @example
   * ```ts
   * const leftMs = (session.effective.expires_at ?? 0) * 1_000 - (clock.unixMs?.() ?? Date.now());
   * ```
   */
  unixMs?(): number;
  /**
   * Calls `run` in a later macrotask, no earlier than `ms` from now. Returns a function that calls it off. `background`: it
   * neither makes a clock that jumps jump, nor keeps a program alive.
   *
   * @example
   * ```ts
   * const callOff = clock.after(1_000, () => console.log('a second later'));
   * callOff();
   * ```
   */
  after(ms: number, run: () => void, kind?: 'background'): () => void;
}

/** The options of every way to connect. */
export interface ConnectBasics {
  /** Aborts the connecting; `ConnectError` of kind `aborted`. A session that is open is not concerned. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds within which the server has to answer; then `ConnectError` of kind `timeout`.
   *
   * @default 10_000
   */
  readonly timeoutMs?: number | undefined;
  /** Observers that watch the session from its first byte, such as a recorder or a logger. Left out: none. */
  readonly observe?: readonly Observer[] | undefined;
}

/** A connection over a transport of your own: an existing socket, a data channel, a test. */
export interface ConnectOptions extends ConnectBasics {
  /** The carrier of the text: your own, or the simulator's. */
  readonly transport: Transport;
  /** The model that the session reports. */
  readonly model?: string | undefined;
  /**
   * `own`: the server greets with `session.created`. `sideband`: a second connection to a call, which the server does not
   * greet, and to whose session others may write.
   *
   * @default 'own'
   */
  readonly kind?: 'own' | 'sideband' | undefined;
  /** The call that the transport serves: it stands in records. Left out: none. */
  readonly callId?: string | undefined;
  /** Ends the call that the transport serves, where the plan does not say how. */
  readonly hangUp?: ((why: HangUpReason) => Promise<void>) | undefined;
  /**
   * The time that the session goes by.
   *
   * @default the system's
   */
  readonly clock?: Clock | undefined;
}

/** `connect()` and `configure()` in one. */
export type OpenOptions<
  Connect,
  Purpose extends string,
  Tools extends readonly AnyTool[],
  Guard extends string,
> = Connect & SessionPlan<Purpose, Tools, Guard>;
