/** What the server is scripted to answer: the items of one response, and how it ends. Plain data. */
export interface Reply {
  readonly items: readonly ReplyItem[];
  /** Default `completed`. `failed` needs `code`; `incomplete` needs `reason`. The last item is then left incomplete. */
  readonly status?: 'completed' | 'failed' | 'incomplete';
  readonly code?: string;
  readonly message?: string;
  readonly reason?: 'max_output_tokens' | 'content_filter';
  /** Which responses it answers: those of the conversation (default), or those beside it. */
  readonly lane?: 'default' | 'out-of-band';
  /** Tokens that a reasoning model thinks before it answers; left out, 20. Others do not think. */
  readonly reasoningTokens?: number;
  /** Milliseconds from `response.created` to the first item, where the configured latency will not do. */
  readonly afterMs?: number;
}

export type ReplyItem = ReplyMessage | ReplyCall | ReplyMcpCall;

export interface ReplyMessage {
  readonly says: string;
  /**
   * How long it takes to be spoken; by default its length decides. With an empty text: audio that has no transcript.
   */
  readonly ms?: number;
  /** Written although audio was asked for. The real server does so at times, notably after a history of text. */
  readonly modality?: 'text';
  /** Milliseconds between the item and its content part. Default 0. */
  readonly partAfterMs?: number;
  /** Reasoning models mark their messages. */
  readonly phase?: 'commentary' | 'final_answer';
  /** The exact pieces, each with its time; without them they are made up. */
  readonly pieces?: readonly Piece[];
}

export interface ReplyCall {
  readonly calls: string;
  /** The arguments, as the JSON text that is to be streamed. */
  readonly args: string;
  readonly pieces?: readonly Piece[];
}

/**
 * A call of a tool of a hosted MCP server, which the server runs by itself once the response is done. Nothing is said
 * about its result before somebody asks for a response.
 */
export interface ReplyMcpCall {
  /** The `server_label`. */
  readonly mcp: string;
  readonly name: string;
  /** The arguments, as the JSON text that is to be streamed. Default `{}`. */
  readonly args?: string;
  /** What it returns. Default: an empty text. */
  readonly output?: string;
  /** It fails with this message instead. */
  readonly error?: string;
  /** Milliseconds from `response.done`, or from its approval, to its end. Default 300. */
  readonly tookMs?: number;
  /** The client is asked first: an `mcp_approval_request`, and the call only once it is approved. */
  readonly approval?: 'required';
  readonly pieces?: readonly Piece[];
}

/** One delta: text (or arguments), or audio. `at` is in milliseconds after the response's first item. */
export type Piece = { readonly at?: number } & ({ readonly text: string } | { readonly audioMs: number });

export const isMessage = (item: ReplyItem): item is ReplyMessage => 'says' in item;
export const isMcpCall = (item: ReplyItem): item is ReplyMcpCall => 'mcp' in item;

/** What is streamed of an item as text: words, or arguments. */
export const textOfItem = (item: ReplyItem): string => (isMessage(item) ? item.says : (item.args ?? '{}'));

/** The same item with another text. */
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
