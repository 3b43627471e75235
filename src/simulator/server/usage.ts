import { contextOf } from './context.js';
import type { ActiveResponse, OutputItem, Session, Stretch } from './state.js';
import { countsOf, reasoningOf, spokenTextTokens, spokenTokens } from './tokens.js';
import type { Json, JsonObject } from './wire.js';
import { isObject } from './wire.js';

const cacheStep = 64;

type Tokens = Omit<Stretch, 'key'>;

interface Output {
  readonly text: number;
  readonly audio: number;
  /** Included in the text tokens. */
  readonly reasoning: number;
}

/** The usage of a response so far: everything that it has read and produced. */
export function usageOf(session: Session, response: ActiveResponse): JsonObject {
  const context = contextOf(session, response);
  const input = sumOf(context);
  return usage(input, cachedOf(session.cache, context, input), outputOf(session, response));
}

/** The usage of a response that was cancelled before it began: zero. */
export const noUsage = (): JsonObject => {
  const none: Tokens = { text: 0, audio: 0, image: 0 };
  return usage(none, none, { text: 0, audio: 0, reasoning: 0 });
};

/**
 * The cached tokens: the common beginning of this context and the last one, in whole steps: audio first (recorded),
 * then text, then images.
 */
function cachedOf(cache: readonly Stretch[], context: readonly Stretch[], input: Tokens): Tokens {
  const differs = context.findIndex((stretch, index) => !isSame(stretch, cache[index]));
  const common = sumOf(differs < 0 ? context : context.slice(0, differs));
  let left = common.text + common.audio + common.image;
  const take = (atMost: number): number => {
    const taken = wholeSteps(Math.min(left, atMost));
    left -= taken;
    return taken;
  };
  const audio = take(input.audio);
  const text = take(input.text);
  return { audio, text, image: take(input.image) };
}

const isSame = (one: Stretch, other: Stretch | undefined): boolean =>
  one.key === other?.key && one.text === other.text && one.audio === other.audio && one.image === other.image;

const wholeSteps = (tokens: number): number => Math.floor(tokens / cacheStep) * cacheStep;

const sumOf = (stretches: readonly Tokens[]): Tokens =>
  stretches.reduce<Tokens>(
    (sum, { text, audio, image }) => ({ text: sum.text + text, audio: sum.audio + audio, image: sum.image + image }),
    { text: 0, audio: 0, image: 0 },
  );

function outputOf({ config }: Session, { output, reply }: ActiveResponse): Output {
  const counts = countsOf(config.model);
  const reasoning = output.length === 0 ? 0 : reasoningOf(reply ?? {}, counts);
  const text = output.reduce((sum, item) => sum + textOf(item, config.model), 0);
  const audio = spokenTokens(output.reduce((sum, item) => sum + item.audioMs, 0));
  return { text: text + reasoning, audio, reasoning };
}

function textOf({ kind, modality, tokens }: OutputItem, model: string): number {
  const { call, written } = countsOf(model);
  if (kind !== 'message') return tokens + call;
  if (modality === 'audio') return spokenTextTokens(tokens);
  return tokens > 0 ? tokens + written.output : 0;
}

const usage = (input: Tokens, cached: Tokens, output: Output): JsonObject => {
  const input_tokens = input.text + input.audio + input.image;
  const output_tokens = output.text + output.audio;
  return {
    total_tokens: input_tokens + output_tokens,
    input_tokens,
    output_tokens,
    input_token_details: {
      text_tokens: input.text,
      audio_tokens: input.audio,
      image_tokens: input.image,
      cached_tokens: cached.text + cached.audio + cached.image,
      cached_tokens_details: { text_tokens: cached.text, audio_tokens: cached.audio, image_tokens: cached.image },
    },
    output_token_details: {
      text_tokens: output.text,
      audio_tokens: output.audio,
      ...(output.reasoning > 0 && { reasoning_tokens: output.reasoning }),
    },
  };
};

export const totalOf = (used: Json): number => (isObject(used) ? Number(used['total_tokens'] ?? 0) : 0);
