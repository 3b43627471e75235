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
      /** The server made it to its end. */
      readonly status: 'completed';
    })
  | (Said & {
      /** The response was broken off. */
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
      readonly error: {
        /** The server's kind of error, e.g. `server_error`. */
        readonly type?: string;
        /** The server's code, e.g. `rate_limit_exceeded`. Decide on this. */
        readonly code?: string | null;
        /** The server's words, for people. */
        readonly message?: string;
      };
    }
  | {
      /** The socket died first, or the server never ended it. */
      readonly status: 'lost';
      /** The error that ended it: of the network, or of a server that never ended it. */
      readonly cause: Error;
    }
  | {
      /** Nothing was sent, or nothing came of it. */
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
  /** Items of this response alone, or of the conversation by their ids. Left out: the whole conversation. */
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
   * Cancels this response by its id, and no other: at once if it exists, as soon as it is created if it was only asked for.
   * Does nothing once it has ended.
   *
   * @example
   * ```ts
   * session.on('response', (response) => {
   *   if (response.purpose === null) response.cancel(); // the server answered by itself
   * });
   * ```
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
   * The reaction while only transient guards are shut. `hold`: wait. `hold-this-turn`: wait, but lapse as `expired` once the
   * user takes another turn; right for greetings and nudges. `refuse`: do not wait.
   *
   * @default 'hold'
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
 * The capability to ask for responses. Whether the model may speak now, the verdict says. Issued by a confirmed session, never
 * built; a value that can be passed on and narrowed. Contravariant in its purposes, covariant in its guards.
 *
 * @example
 * ```ts
 * const greet = (respond: Respond<'greeting'>) => respond('greeting', { whenBlocked: 'hold-this-turn' });
 * greet(session.respond);
 * ```
 */
export interface Respond<in Purpose extends string, out Guard extends string = string> {
  /**
   * Asks the gate for a response. What is admitted is on the wire before this returns.
   *
   * @throws `MisuseError` for a purpose that was not declared, for malformed options, and from inside a guard's function;
   *   then nothing is sent and nothing changes.
   * @example
   * ```ts
   * const verdict = session.respond('greeting');
   * const outcome = await verdict.done;
   * ```
   */
  (purpose: Purpose, options?: RespondOptions): Verdict<Guard>;
  /** The mark of the session that issued it: nothing else has one. */
  readonly [issuedBySession]: true;
}

/** The same capability, its purpose settled: what a tool gets. */
export interface RespondAs<out Guard extends string = string> {
  /**
   * Asks the gate for a response, in the name that was settled.
   *
   * @throws `MisuseError` for malformed options, from inside a guard's function, and once its tool has ended; then nothing
   *   is sent and nothing changes.
   * @example
   * ```ts
   * const lookUp = tool({
   *   name: 'look_up',
   *   description: 'Look something up.',
   *   parameters: z.object({ what: z.string() }),
   *   run({ what }, { respond }) {
   *     respond({ response: { instructions: 'Say that you are looking.', tool_choice: 'none' } });
   *     return ask('catalogue', what);
   *   },
   * });
   * ```
   */
  (options?: RespondOptions): Verdict<Guard>;
  /** The mark of the session that issued it: nothing else has one. */
  readonly [issuedBySession]: true;
}
