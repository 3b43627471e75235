/** What an attempt is given: calls whose gate is shut, and what it takes to arrange others. */
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
  /** Another call of the same program. A person has taken it over: its own guard `human-takeover` is shut. */
  readonly other: ConfirmedSession<'greeting' | 'alarm', BuiltInGuard | 'human-takeover'>;
  /** Connected, and not configured. */
  readonly unconfirmed: UnconfirmedSession;
  /** Opens one more call. */
  readonly open: typeof simulate;
  /** Opens a server on a loopback socket. */
  readonly listen: () => Promise<SimulatedSocket>;
  /** Tells the harness of a session that it has not opened itself, so that it reads its verdict records. */
  readonly watch: (session: ConfirmedSession<never>) => void;
  /** Has the caller speak, and waits until the session knows. The attempt counts from here. */
  readonly callerSpeaks: (call: {
    readonly session: ConfirmedSession<never>;
    readonly server: Pick<Simulator, 'caller'>;
  }) => Promise<void>;
  /**
   * Opens a call whose model calls the tool `look_up`, and has the caller speak once it runs. Then `run` is what the tool
   * does.
   */
  readonly whileToolRuns: (run: (call: ToolCall<'look_up'>) => unknown, options?: ToolOptions) => Promise<void>;
  /** Says that the preparations are over: the attempt counts from here. */
  readonly begins: () => void;
  /** Milliseconds of the calls' own clock. */
  readonly wait: (ms: number) => Promise<void>;
}
