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
  /** Milliseconds from `response.created` to the first item, where the configured latency will not do. */
  readonly afterMs?: number;
}

export type ReplyItem = ReplyMessage | ReplyCall;

export interface ReplyMessage {
  readonly says: string;
  /** How long it takes to be spoken; by default its length decides. */
  readonly ms?: number;
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

/** One delta: text (or arguments), or audio. `at` is in milliseconds after the response's first item. */
export type Piece = { readonly at?: number } & ({ readonly text: string } | { readonly audioMs: number });

export const isCall = (item: ReplyItem): item is ReplyCall => 'calls' in item;

export const reply = (...items: ReplyItem[]): Reply => ({ items });
