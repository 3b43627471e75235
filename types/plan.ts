import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { Except } from 'type-fest';
import type { Advice } from './advice.js';
import type { Budget } from './budget.js';
import type { Difference } from './failure.js';
import type { PriceTable } from './money.js';
import type { ReconnectPlan } from './reconnect.js';
import type { RecoveryPlan } from './recovery.js';
import type { AnySession, ConfirmedSession } from './session.js';
import type { AnyTool, ToolPurpose } from './tool.js';
import type { BuiltInGuard, Lapse } from './verdict.js';

/** The wire's session settings, without what the plan says elsewhere. */
export interface SessionSettings extends Except<RealtimeSessionCreateRequest, 'type' | 'model' | 'tools'> {
  /** Always `realtime`: filled in where it is left out. */
  type?: 'realtime';
}

/** Whether a guard is shut. */
type Shut = (session: AnySession) => boolean;

/**
 * A guard of your own. It answers at once: true shuts it; a throw shuts it too, and so does anything that is neither true
 * nor false (a promise, nothing), and is a `fault`. Asked only when a request is made or waits; `session.reconsider()`
 * asks again when only the outside world has changed. It may look, and not touch: a call that changes the session from
 * inside it is a `MisuseError`. A bare function is `transient`.
 */
export type UserGuard =
  | Shut
  | {
      /** True while nothing may be said. */
      readonly shut: Shut;
      /** `transient`: a request waits until it opens. `terminal`: a request is refused. */
      readonly kind: 'transient' | 'terminal';
    };

/** In the place of a guard whose name is taken: advice that no guard fulfils. */
interface Taken<Words extends string> extends Shut {
  readonly [taken]: Words;
}
declare const taken: unique symbol;

/** Guards of your own, by name. A built-in guard's name, and a lapse's, is taken. */
export type UserGuards<Name extends string> = {
  readonly [Each in Name]: Each extends BuiltInGuard | Lapse
    ? Taken<`choose another name: ${Each} is built in`>
    : UserGuard;
};

/** A plan's settings and tools in the wire's form. */
export interface SessionParameters extends Except<RealtimeSessionCreateRequest, 'type' | 'model'> {
  /** Always `realtime`. */
  type: 'realtime';
}

/** Why a call is ended. */
export type HangUpReason = 'asked' | 'failure' | 'budget' | 'lost' | 'expired';

/**
 * Bounds and deadlines. Milliseconds unless said. Every one is a positive number, and one that counts is whole; every wait
 * in the gate has one.
 */
export interface Limits {
  /**
   * Requests that may wait at once; one more is refused as `queue-full`.
   *
   * @default 16
   */
  readonly held?: number | undefined;
  /**
   * How long a request may wait, unless it says itself.
   *
   * @default 15_000
   */
  readonly holdForMs?: number | undefined;
  /**
   * Responses of ours in a row without the caller, before `loop` shuts (a tool chain counts once).
   *
   * @default 5
   */
  readonly responsesInARow?: number | undefined;
  /**
   * How long the server may take to answer a turn by itself.
   *
   * @default 400
   */
  readonly imminentMs?: number | undefined;
  /**
   * How long one turn of the user may last before it is taken for over.
   *
   * @default 60_000
   */
  readonly turnMs?: number | undefined;
  /**
   * With `turnEnds: 'transcribed'`: how long to wait for the transcript.
   *
   * @default 1_800
   */
  readonly transcriptMs?: number | undefined;
  /**
   * How long the server may take to create or refuse what we asked for.
   *
   * @default 10_000
   */
  readonly createdMs?: number | undefined;
  /**
   * How long a response may be silent before it is taken for ended.
   *
   * @default 60_000
   */
  readonly responseMs?: number | undefined;
  /**
   * How long the server may take to confirm a configuration.
   *
   * @default 10_000
   */
  readonly confirmMs?: number | undefined;
  /**
   * How often one request may be put back because the slot was taken.
   *
   * @default 5
   */
  readonly conflicts?: number | undefined;
  /**
   * Responses in a row that may call tools, before the next must speak instead (`tool_choice: 'none'`).
   *
   * @default 8
   */
  readonly toolRoundsInARow?: number | undefined;
  /**
   * How long a hosted (MCP) call, or the approval of one, may take.
   *
   * @default 60_000
   */
  readonly mcpMs?: number | undefined;
  /**
   * Responses asked for in one session before the operator is told, once, by a `fault`.
   *
   * @default 200
   */
  readonly creates?: number | undefined;
  /**
   * How long nothing at all may arrive before the peer is asked whether it lives.
   *
   * @default 45_000
   */
  readonly silentMs?: number | undefined;
  /**
   * How long the peer may take to say so, before the connection is lost.
   *
   * @default 10_000
   */
  readonly aliveMs?: number | undefined;
  /**
   * How long before the server ends the connection the event `expiring` tells of it, where no other takes its place before.
   *
   * @default 120_000
   */
  readonly expiringMs?: number | undefined;
}

/**
 * Settings, purposes, tools, guards and limits of a session. Every key may be left out.
 *
 * @example
 * ```ts
 * const sales = plan({ session: { instructions: 'You sell flowers.' }, purposes: ['greeting'], recovery: {} });
 * const session = await openSession({ model: 'gpt-realtime-2.1', ...sales });
 * ```
 */
export interface SessionPlan<
  Purpose extends string = string,
  Tools extends readonly AnyTool[] = readonly AnyTool[],
  Guard extends string = string,
> {
  /** The wire's own settings: `instructions`, `audio`, and so on. Left out: the server's defaults. */
  readonly session?: SessionSettings | undefined;
  /**
   * The purposes that `respond()` takes. Written in the call, in `plan()`, or `as const`, nothing else compiles; a list that
   * is a `string[]` is checked when it runs. Left out, any string goes.
   */
  readonly purposes?: readonly Purpose[] | undefined;
  /** Tools that the model may call: made by `tool()`, or hosted (MCP). Each of ours brings a purpose, `tool:<name>`. */
  readonly tools?: Tools | undefined;
  /** Guards of your own, by name: what shuts the gate besides the built-in ones. */
  readonly guards?: UserGuards<Guard> | undefined;
  /** An echo that differs and is right all the same. Whatever it does not accept, `configure()` rejects. */
  readonly accept?: ((difference: Difference) => boolean) | undefined;
  /**
   * Ends the carrier's leg, and is told why. Called once: by `hangup()`, after the farewell if there is one (`asked`); when
   * the budget is spent (`budget`); with `recovery` also when a failure ends the call (`failure`) and when the session is `lost` or has `expired`, so that nobody
   * waits on a dead line. Not by `close()`, and not where the caller has hung up. A throw is a `fault`, and said in the
   * ending.
   */
  readonly hangUp?: ((why: HangUpReason) => Promise<void>) | undefined;
  /**
   * The reply to a call of a tool that was declared nowhere: `answer` it with an error, or `leave` it to whoever
   * else is connected to the session.
   *
   * @default 'leave' on a sideband, else 'answer'
   */
  readonly unknownTools?: 'answer' | 'leave' | undefined;
  /**
   * The end of the user's turn: at silence, or once it has been transcribed.
   *
   * @default 'speech-stopped'
   */
  readonly turnEnds?: 'speech-stopped' | 'transcribed' | undefined;
  /** Bounds and deadlines; what is left out keeps its default. */
  readonly limits?: Limits | undefined;
  /** `waits`: nothing is said until the last response has been heard to its end (the guard `playback`). */
  readonly playback?:
    | {
        /** Nothing is said until the last response has been heard. Left out: it may be. */
        readonly waits?: true | undefined;
      }
    | undefined;
  /** How to recover from responses that fail. Left out: nothing is done, and the operator is told by a `fault`. */
  readonly recovery?: RecoveryPlan | undefined;
  /**
   * How the session outlives a lost connection; `{}` takes the defaults. `false`: it ends with its connection.
   *
   * @default false
   */
  readonly reconnect?: ReconnectPlan | false | undefined;
  /** The money that the session may spend. Left out: as much as it takes. */
  readonly budget?: Budget | undefined;
  /**
   * Prices of models. A model that is not listed has no known price: it is counted as `unpriced`.
   *
   * @default publishedPrices
   */
  readonly prices?: PriceTable | undefined;
}

/** The session that a plan, or a function that makes one, configures. */
export type SessionOf<Plan> = Plan extends (...args: never) => infer Made
  ? SessionOf<Made>
  : Plan extends SessionPlan<infer Purpose, infer Tools, infer Guard>
    ? ConfirmedSession<Purpose | ToolPurpose<Tools>, BuiltInGuard | Guard>
    : Advice<'give it the type of a plan: SessionOf<typeof plan>'>;
