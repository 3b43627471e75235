import type {
  ConversationItem,
  RealtimeResponse,
  RealtimeResponseCreateParams,
} from 'openai/resources/realtime/realtime';
import type { Except } from 'type-fest';
import type { Lapse, OverridableGuard, Verdict } from './verdict.js';

interface Said {
  /** Output text and transcripts in order, joined: what was produced, not what was heard. */
  readonly text: string;
  /** Milliseconds of audio that it brought, before any cut; null where the server plays it (WebRTC, SIP). */
  readonly audioMs: number | null;
  /** The server's own object, from `response.done`. */
  readonly response: RealtimeResponse;
}

/**
 * How a response ended, as data.
 *
 * - `cancelled`, `by`: the `user` interrupted it, or the `client` cancelled it.
 * - `incomplete`, `reason`: the server's word, e.g. `max_output_tokens` or `content_filter`.
 * - `failed`, `error`: the server's error.
 * - `lost`: the socket died first, or the server never ended it.
 * - `unsent`: refused, lapsed, or cancelled before it came to be; `by` says which.
 */
export type ResponseOutcome<Guard extends string = string> =
  | (Said & {
      /** It was said to its end. */
      readonly status: 'completed';
    })
  | (Said & {
      /** It was broken off. */
      readonly status: 'cancelled';
      /** The `user` interrupted it, or the `client` cancelled it. */
      readonly by: 'user' | 'client';
    })
  | (Said & {
      /** The server ended it early. */
      readonly status: 'incomplete';
      /** The server's word, e.g. `max_output_tokens` or `content_filter`. */
      readonly reason: string;
    })
  | {
      /** The server failed. */
      readonly status: 'failed';
      /** The server's error. */
      readonly error: { readonly type?: string; readonly code?: string | null; readonly message?: string };
    }
  | {
      /** The socket died first, or the server never ended it. */
      readonly status: 'lost';
      /** What became of it. */
      readonly cause: Error;
    }
  | {
      /** It never came to be. */
      readonly status: 'unsent';
      /** The guard that was shut, or why the request lapsed. */
      readonly by: Guard | Lapse;
      /** For people: what was in the way, and what to do. Decide on `by`. */
      readonly message: string;
    };

/** An item that the conversation has already, among the `input` of a response. */
export interface ItemReference {
  /** Tells it apart from an item. */
  type: 'item_reference';
  /** The item's id. */
  id: string;
}

/** The wire's own parameters of a response. Its `input` may name items of the conversation. */
export interface ResponseParameters extends Except<RealtimeResponseCreateParams, 'input'> {
  input?: (ConversationItem | ItemReference)[];
}

/** One response, ours or the server's own. */
export interface ResponseHandle<out Guard extends string = string> {
  /** Why we asked. Null: the server answered by itself. */
  readonly purpose: string | null;
  /** The server's id; null if the response never came to be. Resolves once, never rejects. */
  readonly created: Promise<string | null>;
  /** How it ended. Resolves once, never rejects. */
  readonly done: Promise<ResponseOutcome<Guard>>;
  /**
   * How much of it was heard, once that is certain: `heard` to its end, `cut` (also where it broke off before its end), or
   * `none` (no sound, or nobody heard any of it). Speech is made faster than it is spoken, so this is usually seconds
   * after `done`. Resolves once, never rejects.
   *
   * @example
   * ```ts
   * const verdict = session.respond('transfer');
   * if (verdict.kind === 'admit' && (await verdict.response.heard) === 'heard') await carrier.transfer();
   * ```
   */
  readonly heard: Promise<'heard' | 'cut' | 'none'>;
  /** The request that asked for it, as in its verdict record. Null: the server answered by itself. */
  readonly requestId: string | null;
  /**
   * Cancels this response by its id, and no other: at once if it exists, as soon as it is created if it was only
   * asked for. Does nothing once it has ended.
   */
  cancel(): void;
}

declare const issuedBySession: unique symbol;

/** The options of `respond()`. Every one may be left out. */
export interface RespondOptions {
  /**
   * The wire's own parameters. `instructions` replace the session's for this response. `conversation: 'none'` makes it
   * out-of-band: beside the conversation, never holding its slot, text unless it asks for audio. At most 13 pairs of
   * `metadata`: three are ours.
   */
  readonly response?: ResponseParameters | undefined;
  /**
   * What to do while only transient guards are shut. `hold` (default): wait. `hold-this-turn`: wait, but lapse as
   * `expired` once the user takes another turn; right for greetings and nudges. `refuse`: do not wait.
   */
  readonly whenBlocked?: 'hold' | 'hold-this-turn' | 'refuse' | undefined;
  /** Guards to disregard, by name. Left out: none. */
  readonly override?: readonly OverridableGuard[] | undefined;
  /** True: cancel the response that holds the slot, and take it when it is free. Left out: wait for it. */
  readonly interrupt?: true | undefined;
  /**
   * How long it may wait, in milliseconds. Its clock stands still while `playback` is all that it waits for.
   *
   * @default limits.holdForMs
   */
  readonly holdForMs?: number | undefined;
  /** Aborting it withdraws a request that waits, and cancels a response that has been asked for. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * May ask. Whether it may now, the verdict says. Issued by a confirmed session, never built; a value that can be passed
 * on and narrowed. Contravariant in its purposes, covariant in its guards. Throws `MisuseError` for a purpose that was
 * not declared, for malformed options, and from inside a guard's function; then nothing is sent and nothing changes.
 */
export interface Respond<in Purpose extends string, out Guard extends string = string> {
  (purpose: Purpose, options?: RespondOptions): Verdict<Guard>;
  readonly [issuedBySession]: true;
}

/** The same capability, its purpose settled: what a tool gets. */
export interface RespondAs<out Guard extends string = string> {
  (options?: RespondOptions): Verdict<Guard>;
  readonly [issuedBySession]: true;
}
