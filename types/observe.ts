import type { Decision } from './decision.js';
import type { Ledger } from './ledger.js';
import type { Ending } from './session.js';

/** Facts of a session that are known before its first byte. */
export interface SessionAbout {
  /** The model that was asked for. Null on a sideband connection to a call. */
  readonly model: string | null;
  /** The call that the session serves; null where none was named. */
  readonly callId: string | null;
  /** When it began, on the session's own monotonic clock: milliseconds. */
  readonly startedAt: number;
  /** The same on the wall clock: milliseconds since 1970. */
  readonly wallTime: number;
  /** The rules that its machine begins with: JSON. */
  readonly rules: object;
}

/**
 * One step of a session's machine: what came in, what your own functions answered in it, and what came of it. All of it is
 * JSON but for the audio, and none of it is a copy: whoever keeps it writes it down at once.
 */
export interface ObservedStep {
  /** The input that the machine was given. */
  readonly input: {
    /** The kind of input, e.g. `frame` or `respond`. */
    readonly type: string;
    /** When: milliseconds on the session's own clock. */
    readonly now: number;
  };
  /** Answers of the guards and of `accept`, in the order in which they were asked. */
  readonly answers: readonly object[];
  /** The events that were sent. */
  readonly frames: readonly object[];
  /** Promises that it settled, and notices for listeners. */
  readonly notices: readonly object[];
  /** Requests to the program around it: run a tool, end the call, close the line. */
  readonly commands: readonly object[];
}

/** The callbacks of one observer for one session. Whatever they throw is a `fault`, and breaks nothing. */
export interface Watch {
  /**
   * Called after each step of the machine. Most are audio: it must be quick.
   *
   * @example
   * ```ts
   * const watch: Watch = { stepped: ({ input }) => console.log(input.now, input.type) };
   * ```
   */
  stepped?(step: ObservedStep): void;
  /**
   * Called when audio has gone out, with the text of its event. It takes no step of the machine.
   *
   * @example
   * ```ts
   * const watch: Watch = { appended: (text, now) => console.log(now, text.length) };
   * ```
   */
  appended?(text: string, now: number): void;
  /**
   * Called with each decision, as the session's `decision` listeners are.
   *
   * @example
   * ```ts
   * const watch: Watch = { decided: ({ purpose, verdict }) => console.log(purpose, verdict) };
   * ```
   */
  decided?(decision: Decision): void;
  /**
   * Called with each fault, as the session's `fault` listeners are; `sessionId` is null while the server has said none. Return
   * `told` where a person will read of it: then it is no warning of the process as well.
   *
   * @example
   * ```ts
   * const watch: Watch = {
   *   fault: (error) => {
   *     console.error(error);
   *     return 'told';
   *   },
   * };
   * ```
   */
  fault?(error: Error, sessionId: string | null): unknown;
  /**
   * Called when the session has ended, with its final ledger. Later calls are about what came too late.
   *
   * @example
   * ```ts
   * const watch: Watch = { ended: ({ kind }, { total }) => console.log(kind, total.nanoUsd) };
   * ```
   */
  ended?(ending: Ending, ledger: Ledger, sessionId: string | null): void;
}

/** Watches sessions from their first byte, and changes nothing in them. */
export interface Observer {
  /**
   * Called once for each session, before it is connected. `fault` tells the session's operator.
   *
   * @example
   * ```ts
   * const faults: Observer = {
   *   watch: (about) => ({ fault: (error) => console.error(about.callId, error) }),
   * };
   * const session = await openSession({ model: 'gpt-realtime-2.1', observe: [faults] });
   * ```
   */
  watch(about: SessionAbout, fault: (error: Error) => void): Watch;
}
