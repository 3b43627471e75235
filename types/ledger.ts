import type { TokenUsage } from './money.js';

/** Usage and cost of some responses, or of transcriptions. */
export interface Spent {
  /** How many of them were counted. */
  readonly count: number;
  /** Their tokens, by modality. */
  readonly tokens: TokenUsage;
  /** The cost of those with a known price, in nanodollars: whole billionths of a US dollar. A cent is 10,000,000. */
  readonly nanoUsd: number;
  /** How many of them have no known price: what they cost is not in `nanoUsd`, and nobody guesses it. */
  readonly unpriced: number;
}

/** Usage and cost of one response. */
export interface ResponseSpent {
  /** The server's id. */
  readonly responseId: string;
  /** The purpose it was asked for. Null: the server answered by itself. */
  readonly purpose: string | null;
  /** The model that made it; null where the server has not said. */
  readonly model: string | null;
  /** Its tokens, by modality. */
  readonly tokens: TokenUsage;
  /** The cost, in nanodollars; null where the model has no known price. */
  readonly nanoUsd: number | null;
}

/**
 * Usage and cost of a session so far, by purpose, by model and by response; after the end, its final statement. A copy, safe to
 * print: it holds no content. Every response is in it that the server reported the usage of: completed, cancelled,
 * incomplete, failed, beside the conversation, or told of too late.
 */
export interface Ledger {
  /** The model that the session speaks with, as the server says; null before it has. */
  readonly model: string | null;
  /** All responses and transcriptions. */
  readonly total: Spent;
  /** Responses by what they were asked for, retries and apologies by purposes of their own. */
  readonly byPurpose: Readonly<Record<string, Spent>>;
  /** Responses that the server made by itself. */
  readonly automatic: Spent;
  /** Transcriptions of what the user said. */
  readonly transcription: Spent;
  /** Responses and transcriptions by the model that made them; those of an unknown model are under `unknown`. */
  readonly byModel: Readonly<Record<string, Spent>>;
  /**
   * Responses that were lost with their connection: nobody reported what they used. They are in no other account here.
   */
  readonly lost: {
    /** How many of them, asked for or begun. */
    readonly count: number;
    /**
     * An estimate of what they cost, in nanodollars: as much each as is reserved for one in flight. What the budget counts as
     * spent besides `total`.
     */
    readonly nanoUsd: number;
  };
  /** The latest responses, 256 at most, oldest first. `total` counts the older ones as well. */
  readonly responses: readonly ResponseSpent[];
  /** How many times a response was asked of the server: each `response.create` that was sent. */
  readonly creates: number;
}
