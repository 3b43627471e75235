import type { ResponseHandle, ResponseOutcome } from './response.js';

/** Guards that open by themselves: a request that meets one may wait. */
export type TransientGuard = 'unconfirmed' | 'user-speaking' | 'response-imminent' | 'response-active' | 'playback';

/** Guards that waiting does not open: a request that meets one is refused. */
export type TerminalGuard = 'closed' | 'closing' | 'hangup-pending' | 'over-budget' | 'loop';

/** The guards of every session. */
export type BuiltInGuard = TransientGuard | TerminalGuard;

/** The guards that a request may override by name. No type lets it override the others. */
export type OverridableGuard = 'user-speaking' | 'playback' | 'loop';

/**
 * Why a request came to nothing though no guard refused it.
 *
 * - `queue-full`: too many requests were already waiting (`limits.held`).
 * - `expired`: it waited longer than `holdForMs`, or the user took another turn (`hold-this-turn`).
 * - `withdrawn`: `withdraw()`, `cancel()` or an aborted `signal` before it was created.
 * - `rejected`: the server refused it; `message` carries the server's words.
 * - `unanswered`: the server neither created nor refused it within `limits.createdMs`.
 */
export type Lapse = 'queue-full' | 'expired' | 'withdrawn' | 'rejected' | 'unanswered';

interface Ends<Guard extends string> {
  /** How it all ended, whatever the verdict. Resolves once, never rejects. */
  readonly done: Promise<ResponseOutcome<Guard>>;
}

/** Every guard was open: the frame was written before `respond()` returned. */
export interface Admit<Guard extends string = string> extends Ends<Guard> {
  /** The request has been sent. */
  readonly kind: 'admit';
  /** The response that was asked for. */
  readonly response: ResponseHandle<Guard>;
}

/** How a held request can also settle: another response answers it. */
export interface Merge<Guard extends string = string> extends Ends<Guard> {
  /** Another response answers it. */
  readonly kind: 'merge';
  /** The response that answers it. */
  readonly response: ResponseHandle<Guard>;
}

/** Nothing was sent, and nothing will be. */
export interface Refuse<Guard extends string = string> extends Ends<Guard> {
  /** The request will never be sent. */
  readonly kind: 'refuse';
  /** The guard that was shut, or why the request lapsed. */
  readonly by: Guard | Lapse;
  /** For people: what was in the way, and what to do. Decide on `by`. */
  readonly message: string;
}

/** Only transient guards were shut: the request waits, bounded in number and in time. */
export interface Hold<Guard extends string = string> extends Ends<Guard> {
  /** The request waits. */
  readonly kind: 'hold';
  /** Every guard that was shut when it was asked, in the order of the guard table. */
  readonly by: readonly Guard[];
  /** The end of the wait: admitted, merged or refused. Resolves once, never rejects. */
  readonly settled: Promise<Admit<Guard> | Merge<Guard> | Refuse<Guard>>;
  /**
   * Takes the request back: it settles as `refuse` by `withdrawn`. Does nothing once it is settled.
   *
   * @example
   * ```ts
   * const verdict = session.respond('greeting');
   * if (verdict.kind === 'hold') verdict.withdraw();
   * ```
   */
  withdraw(): void;
}

/** The answer of `respond()`, given synchronously. */
export type Verdict<Guard extends string = string> = Admit<Guard> | Hold<Guard> | Refuse<Guard>;

interface RequestRecord {
  /** The server's id of the session. */
  readonly sessionId: string;
  /** Unique within the session. */
  readonly requestId: string;
  /** The response that answers it, where that is known at the settlement (a merge into the server's own answer). */
  readonly responseId: string | null;
  /** The purpose it was asked for. */
  readonly purpose: string;
  /** The guards that were shut when it was asked; empty if it never had to wait. */
  readonly heldBy: readonly string[];
  /** The guards that it was told to disregard. */
  readonly overrides: readonly OverridableGuard[];
  /** Counts confirmed connections, from 1; 0 before the first. */
  readonly epoch: number;
  /** When it was asked: milliseconds on the session's own monotonic clock. */
  readonly askedAt: number;
  /** When it was settled, on the same clock. */
  readonly settledAt: number;
  /** Milliseconds since the session's previous request was made; null for the first. */
  readonly sinceLastMs: number | null;
  /** When it settled, on the wall clock: milliseconds since 1970. */
  readonly wallTime: number;
}

/** How a request was settled. A request that was held is settled as one of these as well; `heldBy` tells it apart. */
export type Settled =
  | {
      /** A response was asked for, or another answers it. How it ended, `done` and `heard` of the handle will say. */
      readonly verdict: 'admit' | 'merge';
      /** Nothing was in the way. */
      readonly by: null;
      /** Not known yet. */
      readonly outcome: null;
    }
  | {
      /** Nothing was sent. */
      readonly verdict: 'refuse';
      /** The guard that was shut, one of your own by its name; or the lapse. */
      readonly by: BuiltInGuard | Lapse | (string & Record<never, never>);
      /** The same as `status` of its outcome. */
      readonly outcome: 'unsent';
    };

/**
 * Every request leaves exactly one, when its verdict is settled. Safe to print: it holds no content. `requestId` joins it
 * to the handles of responses, `responseId` to the server's events, `sessionId` to the rest of the call.
 *
 * @example
 * ```ts
 * session.on('verdict', (record) => console.log(JSON.stringify(record)));
 * ```
 */
export type VerdictRecord = RequestRecord & Settled;
