import { itemById } from './items.js';
import type { ActiveResponse, Session } from './state.js';
import type { Json, JsonObject } from './wire.js';
import { isObject } from './wire.js';

const cacheStep = 64;
const msPerInputToken = 100;
const msPerOutputToken = 50;

interface Tokens {
  readonly text: number;
  readonly audio: number;
}

/** What a response has cost so far. Ten tokens for a second of audio heard, twenty for one spoken. */
export function usageOf(session: Session, response: ActiveResponse): JsonObject {
  const input = inputOf(session, response);
  const text = response.output.reduce((sum, item) => sum + item.tokens, 0);
  const audio = Math.ceil(response.output.reduce((sum, item) => sum + item.audioMs, 0) / msPerOutputToken);
  return usage(input, cachedOf(session, input), { text, audio });
}

/** What the last response has left in the cache: a part of the input, text of its text and audio of its audio. */
function cachedOf(session: Session, input: Tokens): Tokens {
  const audio = wholeSteps(Math.min(session.cachedTokens, input.audio));
  return { audio, text: wholeSteps(Math.min(session.cachedTokens - audio, input.text)) };
}

const wholeSteps = (tokens: number): number => Math.floor(tokens / cacheStep) * cacheStep;

/** A response that was cancelled before it began costs nothing. */
export const noUsage = (): JsonObject => {
  const none = { text: 0, audio: 0 };
  return usage(none, none, none);
};

const usage = (input: Tokens, cached: Tokens, output: Tokens): JsonObject => ({
  total_tokens: input.text + input.audio + output.text + output.audio,
  input_tokens: input.text + input.audio,
  output_tokens: output.text + output.audio,
  input_token_details: {
    text_tokens: input.text,
    audio_tokens: input.audio,
    image_tokens: 0,
    cached_tokens: cached.text + cached.audio,
    cached_tokens_details: { text_tokens: cached.text, audio_tokens: cached.audio, image_tokens: 0 },
  },
  output_token_details: { text_tokens: output.text, audio_tokens: output.audio },
});

export const totalOf = (used: Json): number => (isObject(used) ? Number(used['total_tokens'] ?? 0) : 0);

function inputOf(session: Session, response: ActiveResponse): Tokens {
  const { instructions, input } = response.settings;
  let text =
    lengthOf(instructions) + (session.config.tools.length > 0 ? lengthOf(JSON.stringify(session.config.tools)) : 0);
  let audio = 0;
  if (input !== null) return { text: text + lengthOf(JSON.stringify(input)), audio };
  for (const id of response.sees) {
    const item = itemById(session, id);
    if (!item) continue;
    text += item.textTokens;
    audio += Math.ceil(item.audioMs / (item.wire['role'] === 'assistant' ? msPerOutputToken : msPerInputToken));
  }
  return { text, audio };
}

const lengthOf = (text: string): number => Math.ceil(text.length / 4);
