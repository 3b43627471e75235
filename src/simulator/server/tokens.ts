import { isReasoningModel } from './models.js';
import type { Json } from './wire.js';

/**
 * Token counts of the real server, as far as they can be inferred. Fitted to the usage in 21 recorded sessions of
 * OpenAI and Azure, in English: 27 responses of gpt-realtime and 3 of gpt-realtime-2.1.
 */
interface Counts {
  /** The overhead of the instructions. */
  readonly instructions: number;
  /** The overhead before the tools, if there are any. */
  readonly tools: number;
  /** The overhead of a written message of the user or the developer. */
  readonly message: number;
  /** The additional overhead of user audio. */
  readonly userAudio: number;
  /** The overhead of a text answer: when produced, and when read again. */
  readonly written: { readonly output: number; readonly input: number };
  /** The overhead of a call, with its name. */
  readonly call: number;
  /** The overhead of a call's output. */
  readonly result: number;
  /** The reasoning tokens of one answer. */
  readonly reasoning: number;
}

const plain: Counts = {
  instructions: 2,
  tools: 0,
  message: 2,
  userAudio: 4,
  written: { output: 2, input: 6 },
  call: 10,
  result: 7,
  reasoning: 0,
};

/** Recorded: 17 reasoning tokens in one answer, none in two. With a tool, it read 285 tokens more than gpt-realtime. */
const thinking: Counts = {
  ...plain,
  instructions: 4,
  tools: 283,
  written: { output: 4, input: 11 },
  reasoning: 20,
};

export const countsOf = (model: string): Counts => (isReasoningModel(model) ? thinking : plain);

/** The reasoning tokens before an answer: as scripted, or the default. Zero for models without reasoning. */
export const reasoningOf = (
  { reasoningTokens }: { readonly reasoningTokens?: number },
  { reasoning }: Counts,
): number => (reasoning === 0 ? 0 : (reasoningTokens ?? reasoning));

/** Recorded for gpt-realtime, whose default instructions are longer than the simulator's. */
export const ownInstructionsTokens = 111;

/** Estimates text tokens: each word and each punctuation mark is a token; long words are cut into several. */
export const textTokens = (text: string): number =>
  piecesOfText(text).reduce((sum, piece) => sum + tokensOfPiece(piece.trim().length), 0);

const longestWord = 12;
const tokensOfPiece = (length: number): number => Math.ceil(length / (length > longestWord ? 4 : 10));

/** Splits a text into words with the space before them, and single punctuation marks. */
export const piecesOfText = (text: string): readonly string[] =>
  text.match(/\s*(?:[\p{L}\p{N}'’_-]+|[^\s\p{L}\p{N}]|\s+$)/gu) ?? [];

/** Recorded: tools with one parameter take a token for about six characters of their JSON. */
export const toolTokens = (tools: readonly Json[], { tools: before }: Counts): number =>
  tools.reduce<number>((sum, tool) => sum + Math.ceil(JSON.stringify(tool).length / 6), tools.length > 0 ? before : 0);

/** The text tokens of speech: recorded as 9 for a transcript of 3 tokens, 16 to 18 for 8, 28 for 16. */
export const spokenTextTokens = (transcript: number): number => (transcript > 0 ? Math.floor(transcript * 1.5) + 5 : 0);

/** The additional overhead of speech when it is read again. */
export const spokenAgain = 4;

/**
 * Ten tokens for a second that the user speaks; what does not fill a token is not counted (recorded: 2796 ms are 27).
 *
 * @see https://developers.openai.com/api/docs/guides/realtime-costs
 */
export const heardTokens = (ms: number): number => Math.floor(ms / 100);

/** Twenty tokens per second that the model speaks (the same page). */
export const spokenTokens = (ms: number): number => Math.ceil(Math.round(ms) / 50);

/**
 * An image of 1024 × 1024 pixels by the rule of tiles, or any image at low detail. No page says how realtime models count;
 * this is how GPT-4o does.
 *
 * @see https://developers.openai.com/api/docs/guides/images-vision
 */
export const imageTokens = (detail: Json): number => (detail === 'low' ? 85 : 85 + 4 * 170);
