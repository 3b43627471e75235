import type { TokenUsage } from '../../types/index.js';
import { field, tokens } from './count.js';

/** A usage of no tokens. */
export const noTokens: TokenUsage = {
  text: { input: 0, cached: 0, output: 0, reasoning: 0 },
  audio: { input: 0, cached: 0, output: 0 },
  image: { input: 0, cached: 0 },
};

/**
 * Reads the `usage` of a response, whatever its shape. Impossible numbers count as 0, cached tokens at most up to the
 * input of their modality, reasoning at most up to the text output. The SDK's types let a server omit the details: what
 * a total counts beyond its details counts as text.
 */
export function tokensOf(usage: unknown): TokenUsage {
  const input = inputOf(usage);
  const output = outputOf(usage);
  return {
    text: {
      input: input.text.input,
      cached: input.text.cached,
      output: output.text.output,
      reasoning: output.text.reasoning,
    },
    audio: { input: input.audio.input, cached: input.audio.cached, output: output.audio },
    image: input.image,
  };
}

function inputOf(usage: unknown): Pick<TokenUsage, 'image'> & Record<'text' | 'audio', TokenUsage['image']> {
  const details = field(usage, 'input_token_details');
  const cachedDetails = field(details, 'cached_tokens_details');
  const all = split(details, tokens(usage, 'input_tokens'));
  const cached = split(cachedDetails, tokens(details, 'cached_tokens'));
  const part = (of: Modality) => ({ input: all[of], cached: Math.min(cached[of], all[of]) });
  return { text: part('text'), audio: part('audio'), image: part('image') };
}

function outputOf(usage: unknown): { readonly text: Pick<TokenUsage['text'], 'output' | 'reasoning'>; audio: number } {
  const details = field(usage, 'output_token_details');
  const { text, audio } = split(details, tokens(usage, 'output_tokens'));
  return { text: { output: text, reasoning: Math.min(tokens(details, 'reasoning_tokens'), text) }, audio };
}

type Modality = 'text' | 'audio' | 'image';

function split(details: unknown, total: number): Record<Modality, number> {
  const audio = tokens(details, 'audio_tokens');
  const image = tokens(details, 'image_tokens');
  return { text: Math.max(tokens(details, 'text_tokens'), total - audio - image), audio, image };
}

/** Adds two usages, number by number. */
export function addTokens(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    text: {
      input: a.text.input + b.text.input,
      cached: a.text.cached + b.text.cached,
      output: a.text.output + b.text.output,
      reasoning: a.text.reasoning + b.text.reasoning,
    },
    audio: {
      input: a.audio.input + b.audio.input,
      cached: a.audio.cached + b.audio.cached,
      output: a.audio.output + b.audio.output,
    },
    image: { input: a.image.input + b.image.input, cached: a.image.cached + b.image.cached },
  };
}
