/** A scripted answer: the items of one response, and how it ends. Plain data. */
export interface Reply {
  readonly items: readonly ReplyItem[];
  /** Default `completed`. `failed` needs `code`; `incomplete` needs `reason`. The last item is then left incomplete. */
  readonly status?: 'completed' | 'failed' | 'incomplete';
  readonly code?: string;
  readonly message?: string;
  readonly reason?: 'max_output_tokens' | 'content_filter';
  /** Which responses it may answer: those in the conversation (default), or out-of-band ones. */
  readonly lane?: 'default' | 'out-of-band';
  /** Reasoning tokens before the answer; default 20. Ignored for models without reasoning. */
  readonly reasoningTokens?: number;
  /** Milliseconds from `response.created` to the first item; default: the configured latency. */
  readonly afterMs?: number;
}

export type ReplyItem = ReplyMessage | ReplyCall | ReplyMcpCall;

export interface ReplyMessage {
  readonly says: string;
  /**
   * How long it takes to be spoken, in milliseconds; by default its length decides. With an empty text: audio without a
   * transcript.
   */
  readonly ms?: number;
  /**
   * Answers in text although audio was requested. The real server does so at times, notably after a history of text.
   */
  readonly modality?: 'text';
  /** Milliseconds between the item and its content part. Default 0. */
  readonly partAfterMs?: number;
  /** The phase of the message, for reasoning models. */
  readonly phase?: 'commentary' | 'final_answer';
  /** The exact pieces with their times; made up by default. */
  readonly pieces?: readonly Piece[];
}

export interface ReplyCall {
  readonly calls: string;
  /** The arguments, as the JSON text to stream. */
  readonly args: string;
  readonly pieces?: readonly Piece[];
}

/**
 * A call of a hosted MCP server's tool, which the server runs by itself once the response is done. The model says
 * nothing about the result until a response is requested.
 */
export interface ReplyMcpCall {
  /** The `server_label`. */
  readonly mcp: string;
  readonly name: string;
  /** The arguments, as the JSON text to stream. Default `{}`. */
  readonly args?: string;
  /** The output. Default: an empty text. */
  readonly output?: string;
  /** The message with which the call fails instead. */
  readonly error?: string;
  /** Milliseconds from `response.done`, or from its approval, to its end. Default 300. */
  readonly tookMs?: number;
  /** Asks the client first, by an `mcp_approval_request`; the call follows once it is approved. */
  readonly approval?: 'required';
  readonly pieces?: readonly Piece[];
}

/** One delta: text (or arguments), or audio. `at` counts milliseconds from the response's first item. */
export type Piece = { readonly at?: number } & ({ readonly text: string } | { readonly audioMs: number });

export const isMessage = (item: ReplyItem): item is ReplyMessage => 'says' in item;
export const isMcpCall = (item: ReplyItem): item is ReplyMcpCall => 'mcp' in item;

/** The text that is streamed for an item: words, or arguments. */
export const textOfItem = (item: ReplyItem): string => (isMessage(item) ? item.says : (item.args ?? '{}'));

/** A copy of the item with another text. */
export const withText = (item: ReplyItem, text: string): ReplyItem =>
  isMessage(item) ? { ...item, says: text } : { ...item, args: text };

/**
 * Builds an answer of these items.
 *
 * @example
 * ```ts
 * const { server } = await simulate({ purposes: ['greeting'] });
 * server.replies(reply({ says: 'One moment.' }, { calls: 'find_order', args: '{}' }));
 * ```
 */
export const reply = (...items: ReplyItem[]): Reply => ({ items });
