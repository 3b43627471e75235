/**
 * Ways in which the simulated server can misbehave, and answers to what nobody has observed yet. Each was seen on the
 * real server unless it says otherwise. They may be changed at any moment.
 */
export interface Faults {
  /** An automatic response's `response.created` takes as long as a client's, so that a conflict error is read before it. */
  readonly conflictErrorBeforeCreated: boolean;
  /** Milliseconds between the slot being freed and `response.done`: it may be read after the next `response.created`. */
  readonly lateDone: number;
  /** `response.created` is never sent; everything after it is. */
  readonly dropCreated: boolean;
  /** How many more deltas of a cancelled response are sent before it is closed. */
  readonly stragglersAfterCancel: number;
  /** A bare `response.cancel` that finds nothing to cancel cancels the next default response instead. */
  readonly cancelHitsNext: boolean;
  /** Errors do not name the client's event. */
  readonly errorWithoutEventId: boolean;
  /** When `rate_limits.updated` is sent: after `response.done`, before the first output, or not at all. */
  readonly rateLimits: 'after' | 'before' | 'never';
  /** Whether a turn that ends while a response is active is answered later, or not at all. Not observed. */
  readonly vadWhileActive: 'skip' | 'queue';
  /** Milliseconds from the end of speech to its transcript. Null: the latency that was configured. */
  readonly transcriptionDelay: number | null;
  /** Every other transcript is held back until the one after it has been sent. */
  readonly transcriptionReorder: boolean;
  /** A commentary message precedes every answer, in the same response. */
  readonly multiItem: boolean;
  /** Multiplies the speed of generation: 1 is as configured, 1000 sends a whole answer in one burst. */
  readonly audioBurstFactor: number;
  /** Every response fails with this code. */
  readonly failCode: string | null;
  /** Answers in text although audio was asked for: none, those of a conversation that began in text, or all. */
  readonly writtenAnswers: 'none' | 'after-text' | 'all';
  /**
   * How the session's end is told. `errorFirst`: an error event, then close 1001 (on a call: no close frame).
   * `closeFirst`: close 1001 with the sentence as its reason, no error event. `closeOnly`: close 1001, no word.
   */
  readonly expiry: 'errorFirst' | 'closeFirst' | 'closeOnly';
  /** How a caller who hangs up is told to the sideband. The code was never recorded. */
  readonly hangup: 1000 | 'noCloseFrame';
  /** Refuse every connection: by close code (3000: the key, 4000: the model), by error code, or by HTTP status. */
  readonly refusal: Refusal | null;
  /** How many `speech_started` a turn begins with under semantic VAD; only the last item is committed. */
  readonly semanticBurst: number;
  /** No WebSocket pings. */
  readonly noPing: boolean;
  /** The socket dies without a close frame, this many milliseconds after it was opened. */
  readonly die1006: number | null;
  /** What becomes of a response that has been accepted but not announced when the caller begins to speak. */
  readonly preCreated: 'createdThenDone' | 'swallow' | 'runs';
  /** What an automatic response has seen: the items at the moment it took the slot, or when it was announced. */
  readonly contextAt: 'claim' | 'created';

  // Open questions, each with a knob for both answers. None of these was observed.

  /** A cancel of a response that is accepted and not announced: refused as not active, or passed over in silence. */
  readonly cancelBeforeCreated: 'error' | 'silent';
  /** Whether items that are cut close with every `.done` event, or the response ends at once. */
  readonly cancelTail: 'full' | 'doneOnly';
  /** Whether `conversation.item.done` is sent for an item that was cut. */
  readonly itemDoneWhenCut: 'sent' | 'omitted';
  /** Whether items of out-of-band responses are announced as `conversation.item.*`. */
  readonly outOfBandItems: 'silent' | 'announced';
  /** Usage of a response that was cancelled before any output: nothing, or its input. */
  readonly cancelledUsage: 'zero' | 'input';
  /** How many out-of-band responses may run at once. Null: no limit. */
  readonly maxOutOfBand: number | null;
  /** A choice of a tool that is not there. Other endpoints refuse it. */
  readonly unknownToolChoice: 'refused' | 'accepted';
  /** Which names functions may have: letters, digits, `_` and `-`, each once, as on other endpoints; or any. */
  readonly toolNames: 'unique' | 'any';
  /** Two hosted servers with one label. */
  readonly duplicateLabels: 'refused' | 'accepted';
  /**
   * A transcription model that nobody has heard of: the update is refused; or every transcript fails, as was seen on Azure,
   * where the name is that of a deployment; or it is taken like any other.
   */
  readonly unknownTranscription: 'refused' | 'fails' | 'accepted';
  /** The most output tokens of models whose limit is not published. */
  readonly unpublishedTokenLimit: number;
  /** How the address of a hosted server is echoed: as it was given, or without its path, as the Responses API does. */
  readonly serverUrlEcho: 'whole' | 'redacted';
  /** `?intent=transcription`: a session that writes down what it hears; or `invalid_intent`, as from some endpoints. */
  readonly transcriptionSessions: 'played' | 'refused';
  /** Whether the idle timeout fires again after the answer that it has caused. */
  readonly idleTimeouts: 'repeated' | 'once';
  /** A second output for one function call. */
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

export type Refusal = 3000 | 4000 | RefusalCode | 'http401' | 'http403' | 'http404' | 'http429' | 'http500' | 'http503';

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
  preCreated: 'createdThenDone',
  contextAt: 'claim',
  cancelBeforeCreated: 'error',
  cancelTail: 'full',
  itemDoneWhenCut: 'sent',
  outOfBandItems: 'silent',
  cancelledUsage: 'zero',
  maxOutOfBand: null,
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
