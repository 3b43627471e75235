import type { ConversationItem } from 'openai/resources/realtime/realtime';

/**
 * How a session outlives its connection. A connection that is lost, or has reached the server's age limit, is replaced: the
 * new one is configured as the session last was, told the conversation as it was said and heard, and then takes over as the
 * next epoch. What was being said is `lost`; what waits goes on waiting, tools go on running, and what the carrier still
 * plays is heard to its end.
 *
 * The control line of a call (`callId`) is dialled again as well: there the call goes on, its responses too, and nothing is
 * told again. Once the call is not found three times in a row, it has ended.
 */
export interface ReconnectPlan {
  /**
   * Attempts in a row, before the session ends as `lost`. They count anew once a response has completed, or a connection
   * has lasted for a minute.
   *
   * @default 5
   */
  readonly attempts?: number | undefined;
  /**
   * Milliseconds from the loss within which an attempt may begin.
   *
   * @default 30000
   */
  readonly withinMs?: number | undefined;
  /**
   * Attempts while the session lives.
   *
   * @default 50
   */
  readonly inAll?: number | undefined;
  /**
   * The longest wait before the first attempt, in milliseconds; doubled before each further one. Each wait is drawn between
   * the half of it and the whole.
   *
   * @default 250
   */
  readonly firstMs?: number | undefined;
  /**
   * The longest wait before any attempt, in milliseconds.
   *
   * @default 8000
   */
  readonly maxMs?: number | undefined;
  /**
   * How much of the caller's audio is kept for the next connection, in milliseconds: what was appended and is in no
   * conversation yet. Of more than that the oldest is dropped, and counted in `state.dropped`.
   *
   * @default 10000
   */
  readonly audioMs?: number | undefined;
  /**
   * Audio in the session's output format, for the caller to hear once the session has been away for two seconds, once in each
   * absence. The event `meanwhile` brings it; the model knows nothing of it.
   *
   * @default null
   */
  readonly meanwhile?: Uint8Array | null | undefined;
  /**
   * How much of the conversation is told again, newest first, in tokens as estimated from its text.
   *
   * @default 16000
   */
  readonly budgetTokens?: number | undefined;
  /**
   * How the session moves to another connection before the server ends this one for its age; `false`: it does not, and the
   * end is a loss like any other.
   *
   * The end is taken from `expires_at` of the session, by the clock of this machine, and is never later than an hour after
   * the connection was greeted.
   */
  readonly rotate?: RotatePlan | false | undefined;
  /**
   * Changes what a new connection is told. It is given what would be told, in order: the caller's and the model's words, calls
   * with their outputs, items of the program's, and the note for the model that it is the same call (a system message). What
   * it returns is told in its place, and to that connection alone. Called once for each; what is added meanwhile follows.
   * Not called for a call's control line.
   *
   * It has one second. Where it takes longer, throws, or returns anything but messages, and calls with their outputs, that
   * is a `fault`, and the conversation is told as it was.
   *
   * @default Everything is told as it was given.
   * @example
   * ```ts
   * const salesPlan = plan({
   *   reconnect: {
   *     history: (items) => items.filter(({ type }) => type === 'message'), // no calls
   *   },
   * });
   * ```
   */
  readonly history?:
    | ((items: readonly ConversationItem[]) => readonly ConversationItem[] | PromiseLike<readonly ConversationItem[]>)
    | undefined;
}

/**
 * A session that moves before its connection ends. The next connection is configured, told the conversation, and stands ready
 * beside the present one; once nothing has been said, heard, asked for or run for 700 ms it takes over, and the event
 * `rotated` tells of it. Where the server takes no second connection, the session moves to the next one by way of `away`.
 */
export interface RotatePlan {
  /**
   * Milliseconds before the server ends the connection at which the next one is begun, at the earliest: each connection draws
   * its own, up to half way to `latestMs`. Never sooner than half way through a connection's life.
   *
   * @default 600000
   */
  readonly beforeMs?: number | undefined;
  /**
   * From so many milliseconds before the end only the caller, and what is being said or about to be, are waited for: a running
   * tool, a request that waits, or sound that your side still plays is not. Five seconds before the end, nothing is.
   *
   * @default 60000
   */
  readonly latestMs?: number | undefined;
}
