import { isReasoningModel } from './models.js';
import type { Json } from './wire.js';

/**
 * How many tokens the real server counts, as far as that can be told from outside. Fitted on what 21 recorded sessions of
 * OpenAI and Azure report, in English: 27 responses of gpt-realtime and 3 of gpt-realtime-2.1.
 */
interface Counts {
  /** The marks around the instructions. */
  readonly instructions: number;
  /** What stands before the tools, if there are any. */
  readonly tools: number;
  /** The marks around a message that is written by the user or the developer. */
  readonly message: number;
  /** Further marks around the audio of a user. */
  readonly userAudio: number;
  /** The marks around an answer in text, as it is written and as it is read again. */
  readonly written: { readonly output: number; readonly input: number };
  /** A call: its name and its marks. */
  readonly call: number;
  /** The marks around the result of a call. */
  readonly result: number;
  /** Thinking about one answer. */
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

/** Recorded: 17 tokens of thinking in one answer, none in two. With a tool it read 285 tokens more than gpt-realtime. */
const thinking: Counts = {
  ...plain,
  instructions: 4,
  tools: 283,
  written: { output: 4, input: 11 },
  reasoning: 20,
};

export const countsOf = (model: string): Counts => (isReasoningModel(model) ? thinking : plain);

/** How long the thinking before an answer is: as its script says, or as usual. Not every model thinks. */
export const reasoningOf = (
  { reasoningTokens }: { readonly reasoningTokens?: number },
  { reasoning }: Counts,
): number => (reasoning === 0 ? 0 : (reasoningTokens ?? reasoning));

/** Recorded of gpt-realtime, whose own instructions are longer than the ones here. */
export const ownInstructionsTokens = 111;

/** A word is a token, and so is a mark; what is longer than words are is cut. */
export const textTokens = (text: string): number =>
  piecesOfText(text).reduce((sum, piece) => sum + tokensOfPiece(piece.trim().length), 0);

const longestWord = 12;
const tokensOfPiece = (length: number): number => Math.ceil(length / (length > longestWord ? 4 : 10));

/** Words with the space before them, and marks, each by itself. */
export const piecesOfText = (text: string): readonly string[] =>
  text.match(/\s*(?:[\p{L}\p{N}'’_-]+|[^\s\p{L}\p{N}]|\s+$)/gu) ?? [];

/** Recorded: tools with one parameter count a token for about six characters of their JSON. */
export const toolTokens = (tools: readonly Json[], { tools: before }: Counts): number =>
  tools.reduce<number>((sum, tool) => sum + Math.ceil(JSON.stringify(tool).length / 6), tools.length > 0 ? before : 0);

/** Text tokens of what is spoken: recorded as 9 for a transcript of 3 tokens, 16 to 18 for 8, 28 for 16. */
export const spokenTextTokens = (transcript: number): number => (transcript > 0 ? Math.floor(transcript * 1.5) + 5 : 0);

/** Further marks around what was spoken, as it is read again. */
export const spokenAgain = 4;

/**
 * Ten tokens for a second that the user speaks; what does not fill a token is not counted (recorded: 2796 ms are 27).
 *
 * @see https://developers.openai.com/api/docs/guides/realtime-costs
 */
export const heardTokens = (ms: number): number => Math.floor(ms / 100);

/** Twenty tokens for a second that the model speaks (the same page). */
export const spokenTokens = (ms: number): number => Math.ceil(Math.round(ms) / 50);

/**
 * An image of 1024 × 1024 pixels by the rule of tiles, or any image at low detail. No page says how realtime models count;
 * this is how GPT-4o does.
 *
 * @see https://developers.openai.com/api/docs/guides/images-vision
 */
export const imageTokens = (detail: Json): number => (detail === 'low' ? 85 : 85 + 4 * 170);
