import type { RealtimeResponseUsage } from 'openai/resources/realtime/realtime';

/** US dollars for a million tokens. */
export interface Price {
  /** For text. */
  readonly text: Rates & { readonly output: number };
  /** For audio. */
  readonly audio: Rates & { readonly output: number };
  /** For images, which only come in. */
  readonly image: Rates;
}
interface Rates {
  readonly input: number;
  readonly cached: number;
}

const large: Price = {
  text: { input: 4, cached: 0.4, output: 24 },
  audio: { input: 32, cached: 0.4, output: 64 },
  image: { input: 5, cached: 0.5 },
};
const small: Price = {
  text: { input: 0.6, cached: 0.06, output: 2.4 },
  audio: { input: 10, cached: 0.3, output: 20 },
  image: { input: 0.8, cached: 0.08 },
};
const first: Price = { ...large, text: { ...large.text, output: 16 } };

/** As published in 2026, by model; OpenAI's own, not Azure's. Check them before you bill by them. */
export const prices: Readonly<Record<string, Price>> = {
  'gpt-realtime-2.1': large,
  'gpt-realtime-2': large,
  'gpt-realtime-2.1-mini': small,
  'gpt-realtime-1.5': first,
  'gpt-realtime': first,
  'gpt-realtime-mini': small,
};

/**
 * What one response cost, in US dollars. Cached tokens are part of the input, text of the text and audio of the audio, and
 * cheaper: what a server reports as cached beyond that is not counted. A missing or impossible number counts as 0, so the
 * cost is never negative.
 *
 * @example
 * ```ts
 * const usage = { input_token_details: { audio_tokens: 600 }, output_token_details: { audio_tokens: 1200 } };
 * costOf(usage, prices['gpt-realtime-2.1']!); // 0.096: a minute each way
 * ```
 */
export function costOf(usage: RealtimeResponseUsage, price: Price): number {
  const input = usage.input_token_details ?? {};
  const output = usage.output_token_details ?? {};
  const cached = input.cached_tokens_details ?? {};
  const millionths =
    inputCost(input.text_tokens, cached.text_tokens, price.text) +
    inputCost(input.audio_tokens, cached.audio_tokens, price.audio) +
    inputCost(input.image_tokens, cached.image_tokens, price.image) +
    count(output.text_tokens) * price.text.output +
    count(output.audio_tokens) * price.audio.output;
  return millionths / 1_000_000;
}

function inputCost(tokens: number | undefined, cachedTokens: number | undefined, rates: Rates): number {
  const all = count(tokens);
  const cached = Math.min(count(cachedTokens), all);
  return (all - cached) * rates.input + cached * rates.cached;
}

/** JSON of a server can hold null, and less than nothing. */
const count = (tokens: number | null | undefined): number =>
  Number.isFinite(tokens) ? Math.max(0, Number(tokens)) : 0;
