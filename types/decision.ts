import type { TokenUsage } from './money.js';
import type { ResponseOutcome } from './response.js';
import type { OverridableGuard } from './verdict.js';

/** One step of the gate with a request, and when. */
export interface DecisionStep {
  /** When: milliseconds on the session's own monotonic clock. */
  readonly at: number;
  /**
   * - `asked`: it was put to the gate.
   * - `held`: it waits; one for each time that other guards hold it.
   * - `sent`: its `response.create` was written.
   * - `put-back`: the server says that the slot is taken: it waits again.
   * - `merged`: another response answers it.
   * - `unsent`: it came to nothing, and `why` says by what.
   */
  readonly what: 'asked' | 'held' | 'sent' | 'put-back' | 'merged' | 'unsent';
  /** The guards that were shut to it then, in the order of the guard table. */
  readonly guards: readonly string[];
}

/** When things happened to a request: milliseconds on the session's own monotonic clock; null where they did not. */
export interface DecisionTimes {
  /** When it was asked. */
  readonly askedAt: number;
  /** When it began to wait, for the first time. */
  readonly heldAt: number | null;
  /** When its `response.create` was written, for the last time. */
  readonly sentAt: number | null;
  /** When the server announced the response that answers it. */
  readonly createdAt: number | null;
  /** When the first of its audio came; where the server plays it, when the server began to. */
  readonly firstAudioAt: number | null;
  /** When the response ended, or the request came to nothing. */
  readonly doneAt: number;
  /** When it had been heard to its end, or was cut. */
  readonly heardAt: number | null;
}

/**
 * The whole story of one request, told once, when nothing more can come of it: what the gate decided and by which guards,
 * when, how the response ended, how much of it was heard, what it cost. JSON, frozen, and safe to print: no transcript, no
 * instructions, no words of the server's. Every request has exactly one, merged ones and the session's own (the answers
 * to tools, retries, apologies, farewells) among them.
 *
 * @example
 * ```ts
 * session.on('decision', ({ purpose, verdict, heldMs, nanoUsd }) => console.log(purpose, verdict, heldMs, nanoUsd));
 * ```
 */
export interface Decision {
  /** The server's id of the session; null where it never said one. */
  readonly sessionId: string | null;
  /** The call that the session serves; null where none was named. */
  readonly callId: string | null;
  /** Unique within the session: as in the verdict record, and in the handle. */
  readonly requestId: string;
  /** The server's id of the response that answers it; null: none does. */
  readonly responseId: string | null;
  /** The purpose that was given to `respond()`, or the session's own. */
  readonly purpose: string;
  /**
   * Who asked: `user` is `respond()`, `remark` a tool while it runs, and the others the session itself: `follow-up` after
   * tools, `farewell`, `retry`, `apology`.
   */
  readonly origin: 'user' | 'remark' | 'follow-up' | 'farewell' | 'retry' | 'apology' | 'resume';
  /** In the conversation, or beside it. */
  readonly lane: 'default' | 'out-of-band';
  /** How often the same had been tried before. */
  readonly attempt: number;
  /** The request that it retries or apologises for; null: it stands for itself. */
  readonly rootId: string | null;

  /** How it was settled, as in the verdict record. */
  readonly verdict: 'admit' | 'merge' | 'refuse';
  /** The guard or the lapse by which it was refused; null: it was not. */
  readonly by: string | null;
  /** The guards that were shut when it was asked; empty if it did not have to wait. */
  readonly heldBy: readonly string[];
  /** The guards that it was told to disregard. */
  readonly overrides: readonly OverridableGuard[];
  /** The steps of the gate, in order, with the guards that were shut at each. */
  readonly steps: readonly DecisionStep[];
  /** How many `held` steps are left out: after the first 32 they are only counted. */
  readonly stepsLeftOut: number;
  /** How long it waited in all, in milliseconds. */
  readonly heldMs: number;
  /** Counts confirmed connections, from 1; 0 before the first. */
  readonly epoch: number;

  /** When, on the session's own monotonic clock. */
  readonly times: DecisionTimes;
  /**
   * When it was asked on the wall clock: milliseconds since 1970, reckoned from when the session began. The others follow
   * by difference: `wallTime + times.doneAt - times.askedAt`.
   */
  readonly wallTime: number;
  /** Milliseconds since the session's previous request was made; null for the first. */
  readonly sinceLastMs: number | null;

  /** How it ended: the `status` of its outcome. */
  readonly outcome: ResponseOutcome['status'];
  /**
   * The outcome in more detail, as a code. `cancelled`: `user` or `client`; `incomplete`: the server's reason; `failed`: the
   * server's code; `lost`: `server` or `network`; `unsent`: the guard or the lapse. Null where there is nothing to add.
   */
  readonly why: string | null;
  /** How much of it was heard. */
  readonly heard: 'heard' | 'cut' | 'none';

  /**
   * Where another response answers it: the `requestId` that one was asked for by, or `server` for the server's own answer.
   * What that cost is counted there. Null: its own response, or none.
   */
  readonly answeredBy: string | null;
  /** The tokens of its own response; null where the server reported none. */
  readonly tokens: TokenUsage | null;
  /** The cost of its own response, in nanodollars; 0 where none was reported, null where the model has no known price. */
  readonly nanoUsd: number | null;
}
