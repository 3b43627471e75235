/**
 * Ways for the simulated server to misbehave, and choices where the real behaviour is unknown. Each was observed on the
 * real server unless it says otherwise. They may be changed at any time.
 */
export interface Faults {
  /**
   * An automatic response's `response.created` is as late as a client's, so that a conflict error is read before it.
   */
  readonly conflictErrorBeforeCreated: boolean;
  /**
   * Milliseconds between the freeing of the slot and `response.done`, which may then arrive after the next
   * `response.created`.
   */
  readonly lateDone: number;
  /** `response.created` is never sent; everything after it is. */
  readonly dropCreated: boolean;
  /** How many more deltas of a cancelled response are sent before it is closed. */
  readonly stragglersAfterCancel: number;
  /** A bare `response.cancel` with nothing to cancel cancels the next default response instead. */
  readonly cancelHitsNext: boolean;
  /** Errors do not name the client's event. */
  readonly errorWithoutEventId: boolean;
  /** When `rate_limits.updated` is sent: after `response.done`, before the first output, or not at all. */
  readonly rateLimits: 'after' | 'before' | 'never';
  /** Whether a turn that ends while a response is active is answered later, or not at all. Not observed. */
  readonly vadWhileActive: 'skip' | 'queue';
  /** Milliseconds from the end of speech to its transcript. Null: the configured latency. */
  readonly transcriptionDelay: number | null;
  /** Every second transcript is held back until the next one has been sent. */
  readonly transcriptionReorder: boolean;
  /** A commentary message precedes every answer, in the same response. */
  readonly multiItem: boolean;
  /** Multiplies the speed of generation: 1 as configured, 1000 sends a whole answer in one burst. */
  readonly audioBurstFactor: number;
  /** Every response fails with this code. */
  readonly failCode: string | null;
  /**
   * Which answers are text although audio was requested: none, those of a conversation in which an assistant's message of
   * text stands (so that a told history mutes the model), or all.
   */
  readonly writtenAnswers: 'none' | 'after-text' | 'all';
  /**
   * How the end of the session is announced. `errorFirst`: an error event, then close 1001 (on a call: no close frame).
   * `closeFirst`: close 1001 with the message as its reason, no error event. `closeOnly`: close 1001 without a reason.
   */
  readonly expiry: 'errorFirst' | 'closeFirst' | 'closeOnly';
  /** How the sideband learns that the caller hung up. The real code was never recorded. */
  readonly hangup: 1000 | 'noCloseFrame';
  /**
   * Refuses connections, by close code (3000: the key, 4000: the model), by error code, or by HTTP status: every one and
   * every HTTP request, or the next few connections (`NextRefused`).
   */
  readonly refusal: Refusal | NextRefused | null;
  /**
   * The number of `speech_started` events at the beginning of a turn under semantic VAD; only the last item is
   * committed.
   */
  readonly semanticBurst: number;
  /** Sends no WebSocket pings. */
  readonly noPing: boolean;
  /** Kills the socket without a close frame, this many milliseconds after it was opened. */
  readonly die1006: number | null;
  /**
   * Kills a connection without a close frame in place of the nth frame that is sent from now on, on any connection. Then
   * the fault is over.
   */
  readonly dieAtFrame: number | null;
  /** The nth update from now on is not answered as it should be. Then the fault is over. Not observed. */
  readonly badUpdate: BadUpdate | null;
  /** Refuses items of one kind. Not observed. */
  readonly refusedItems: RefusedItems | null;
  /** What happens to a response that is accepted and not announced yet when the caller begins to speak. */
  readonly preCreated: 'createdThenDone' | 'swallow' | 'runs';
  /** Which items an automatic response has seen: those when it took the slot, or those when it was announced. */
  readonly contextAt: 'claim' | 'created';

  // Open questions, with a setting for either answer. None of these was observed.

  /** A cancel of a response that is accepted and not announced: refused as not active, or ignored silently. */
  readonly cancelBeforeCreated: 'error' | 'silent';
  /** Whether items that are cut are closed with every `.done` event, or the response ends at once. */
  readonly cancelTail: 'full' | 'doneOnly';
  /** Whether `conversation.item.done` is sent for an item that was cut. */
  readonly itemDoneWhenCut: 'sent' | 'omitted';
  /** Whether items of out-of-band responses are announced as `conversation.item.*`. */
  readonly outOfBandItems: 'silent' | 'announced';
  /** The usage of a response that was cancelled before any output: zero, or its input. */
  readonly cancelledUsage: 'zero' | 'input';
  /** How many out-of-band responses may run at once. Null: no limit. */
  readonly maxOutOfBand: number | null;
  /** How many connections may be open at once, before another is refused with 429 at the upgrade. Null: no limit. */
  readonly maxConnections: number | null;
  /** Whether a `tool_choice` of a missing tool is refused, as other endpoints do. */
  readonly unknownToolChoice: 'refused' | 'accepted';
  /** Which function names are allowed: unique ones of letters, digits, `_` and `-`, as on other endpoints; or any. */
  readonly toolNames: 'unique' | 'any';
  /** Whether two hosted servers may have the same label. */
  readonly duplicateLabels: 'refused' | 'accepted';
  /**
   * What an unknown transcription model leads to: a refused update; failing transcripts, as observed on Azure, where
   * the name is that of a deployment; or nothing special.
   */
  readonly unknownTranscription: 'refused' | 'fails' | 'accepted';
  /** The maximum of output tokens for models whose limit is not published. */
  readonly unpublishedTokenLimit: number;
  /** How the address of a hosted server is echoed: complete, or without its path, as in the Responses API. */
  readonly serverUrlEcho: 'whole' | 'redacted';
  /**
   * `?intent=transcription`: played as a transcription session, or refused with `invalid_intent`, as some endpoints do.
   */
  readonly transcriptionSessions: 'played' | 'refused';
  /** Whether the idle timeout fires again after the answer that it caused. */
  readonly idleTimeouts: 'repeated' | 'once';
  /** Whether a second output for the same function call is accepted. */
  readonly secondToolOutput: 'accepted' | 'refused';
  /** The close code after `insufficient_quota` at connect. */
  readonly quotaCloseCode: number;
  /** Milliseconds of silence after which the server closes an idle socket. Null: never. */
  readonly idleCloseMs: number | null;
}

export type RefusalCode =
  | 'invalid_api_key'
  | 'insufficient_permissions'
  | 'missing_model'
  | 'invalid_model'
  | 'invalid_intent'
  | 'beta_api_shape_disabled'
  | 'insufficient_quota';

export type Refusal = 3000 | 4000 | RefusalCode | `http${(typeof refusedStatuses)[number]}`;

/** The HTTP statuses that an upgrade can be refused with. */
export const refusedStatuses = [400, 401, 403, 404, 408, 429, 500, 502, 503] as const;

/**
 * Refuses the next connections, and then no more.
 *
 * @example
 * ```ts
 * const { session, server } = await simulate({ reconnect: {} });
 * server.misbehaves({ refusal: { next: 2, by: 'http503', afterMs: 400 } });
 * server.drop();
 * const { awayMs } = await session.once('back'); // at the third attempt
 * ```
 */
export interface NextRefused {
  /** How many. */
  readonly next: number;
  readonly by: Refusal;
  /** Milliseconds until a refusal at the upgrade is answered. One by a close code comes at once. Default 0. */
  readonly afterMs?: number;
}

/**
 * An update that is not answered as it should be, and changes nothing.
 *
 * @example
 * ```ts
 * const { session, server } = await simulate({ session: { instructions: 'Be brief.' }, reconnect: {} });
 * server.misbehaves({ badUpdate: { nth: 2, is: 'unanswered' } });
 * server.drop(); // the first attempt's second update, after the conversation was told, comes to nothing
 * await session.once('back');
 * ```
 */
export interface BadUpdate {
  /** Which one: 1 is the next. */
  readonly nth: number;
  /** `misconfirmed`: answered by the settings of a session that nobody has configured. */
  readonly is: 'unanswered' | 'misconfirmed';
}

/**
 * Items that are refused.
 *
 * @example
 * ```ts
 * const { server } = await simulate({}, { faults: { refusedItems: { kind: 'function_call', error: 'unnamed' } } });
 * ```
 */
export interface RefusedItems {
  /** An item's `type`, or a message's `role`. */
  readonly kind: 'user' | 'assistant' | 'system' | 'function_call' | 'function_call_output';
  /** `unnamed`: the error does not name the client's event. Default `named`. */
  readonly error?: 'named' | 'unnamed';
}

export const noFaults: Faults = {
  conflictErrorBeforeCreated: false,
  lateDone: 0,
  dropCreated: false,
  stragglersAfterCancel: 0,
  cancelHitsNext: false,
  errorWithoutEventId: false,
  rateLimits: 'after',
  vadWhileActive: 'skip',
  transcriptionDelay: null,
  transcriptionReorder: false,
  multiItem: false,
  audioBurstFactor: 1,
  failCode: null,
  writtenAnswers: 'none',
  expiry: 'errorFirst',
  hangup: 1000,
  refusal: null,
  semanticBurst: 1,
  noPing: false,
  die1006: null,
  dieAtFrame: null,
  badUpdate: null,
  refusedItems: null,
  preCreated: 'createdThenDone',
  contextAt: 'claim',
  cancelBeforeCreated: 'error',
  cancelTail: 'full',
  itemDoneWhenCut: 'sent',
  outOfBandItems: 'silent',
  cancelledUsage: 'zero',
  maxOutOfBand: null,
  maxConnections: null,
  unknownToolChoice: 'refused',
  toolNames: 'unique',
  duplicateLabels: 'refused',
  unknownTranscription: 'refused',
  unpublishedTokenLimit: 4096,
  serverUrlEcho: 'whole',
  transcriptionSessions: 'played',
  idleTimeouts: 'repeated',
  secondToolOutput: 'accepted',
  quotaCloseCode: 3000,
  idleCloseMs: null,
};
