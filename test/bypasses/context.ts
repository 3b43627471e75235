/** What an attempt is given: calls whose gate is shut, and functions to arrange others. */
import type { BuiltInGuard, ConfirmedSession, Reply, ToolCall, UnconfirmedSession } from 'gated-realtime';
import type { SimulatedSocket, Simulator, simulate } from 'gated-realtime/simulator';

export type Attempt = (context: Context) => unknown;

export interface ToolOptions {
  readonly timeoutMs?: number;
  readonly reply?: () => Reply;
}

export interface Context {
  /** A call whose caller is speaking. */
  readonly session: ConfirmedSession<'greeting' | 'nudge', BuiltInGuard>;
  /** The simulated server of that call. */
  readonly server: Simulator;
  /** Another call of the same program, which a person has taken over: its own guard `human-takeover` is shut. */
  readonly other: ConfirmedSession<'greeting' | 'alarm', BuiltInGuard | 'human-takeover'>;
  /** A connected session that is not configured. */
  readonly unconfirmed: UnconfirmedSession;
  /** Opens one more call. */
  readonly open: typeof simulate;
  /** Opens a server on a loopback socket. */
  readonly listen: () => Promise<SimulatedSocket>;
  /** Registers a session that the harness has not opened itself, so that it reads the session's verdict records. */
  readonly watch: (session: ConfirmedSession<never>) => void;
  /** Makes the caller speak, and waits until the session knows. The attempt counts from here. */
  readonly callerSpeaks: (call: {
    readonly session: ConfirmedSession<never>;
    readonly server: Pick<Simulator, 'caller'>;
  }) => Promise<void>;
  /**
   * Opens a call whose model calls the tool `look_up`, and makes the caller speak while it runs. `run` is the tool's
   * function.
   */
  readonly whileToolRuns: (run: (call: ToolCall<'look_up'>) => unknown, options?: ToolOptions) => Promise<void>;
  /** Marks the end of the preparations: the attempt counts from here. */
  readonly begins: () => void;
  /** Waits milliseconds of the calls' clock. */
  readonly wait: (ms: number) => Promise<void>;
}
