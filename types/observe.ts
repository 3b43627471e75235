import type { Decision } from './decision.js';
import type { Ledger } from './ledger.js';
import type { Ending } from './session.js';

/** What is known of a session before its first byte. */
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
  /** What happened, and when: `now`, milliseconds on the session's own clock. */
  readonly input: { readonly type: string; readonly now: number };
  /** What the guards and `accept` answered, in the order in which they were asked. */
  readonly answers: readonly object[];
  /** The events that were sent. */
  readonly frames: readonly object[];
  /** What it settled, and what it told. */
  readonly notices: readonly object[];
  /** What it asked of the program around it: run a tool, end the call, close the line. */
  readonly commands: readonly object[];
}

/** What one observer wants to hear of one session. Whatever it throws is a `fault`, and breaks nothing. */
export interface Watch {
  /** After each step of the machine. Most are audio: it must be quick. */
  stepped?(step: ObservedStep): void;
  /** Audio went out, as the text of its event. It takes no step. */
  appended?(text: string, now: number): void;
  /** What the session's `decision` listeners are told. */
  decided?(decision: Decision): void;
  /**
   * What the session's `fault` listeners are told; `sessionId` is null while the server has said none. Returns `told` where
   * a person will read of it: then it is no warning of the process as well.
   */
  fault?(error: Error, sessionId: string | null): unknown;
  /** The session has ended, and this is what it used. What follows is what comes too late. */
  ended?(ending: Ending, ledger: Ledger, sessionId: string | null): void;
}

/** Watches sessions from their first byte, and changes nothing in them. */
export interface Observer {
  /** Called once for each session, before it is connected. `fault` tells the session's operator. */
  watch(about: SessionAbout, fault: (error: Error) => void): Watch;
}
