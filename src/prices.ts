import type { RealtimeResponseUsage } from 'openai/resources/realtime/realtime';

/** US dollars for a million tokens. */
export interface Price {
  readonly text: Rates & { readonly output: number };
  readonly audio: Rates & { readonly output: number };
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

/** What one response cost, in US dollars. Cached tokens are part of the input, and cheaper. */
export function costOf(usage: RealtimeResponseUsage, price: Price): number {
  const { input_token_details: input = {}, output_token_details: output = {} } = usage;
  const cached = input.cached_tokens_details ?? {};
  const millionths =
    inputCost(input.text_tokens, cached.text_tokens, price.text) +
    inputCost(input.audio_tokens, cached.audio_tokens, price.audio) +
    inputCost(input.image_tokens, cached.image_tokens, price.image) +
    (output.text_tokens ?? 0) * price.text.output +
    (output.audio_tokens ?? 0) * price.audio.output;
  return millionths / 1_000_000;
}

const inputCost = (tokens = 0, cached = 0, rates: Rates): number =>
  (tokens - cached) * rates.input + cached * rates.cached;
