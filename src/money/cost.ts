import type { RealtimeResponseUsage } from 'openai/resources/realtime/realtime';
import type { ModelPrice, TokenRates, TokenUsage, TranscriptionPrice } from '../../types/index.js';
import { field, tokens } from './count.js';
import { tokensOf } from './usage.js';

/** One dollar per million tokens is 1,000 nanodollars per token. */
const nanodollarsPerToken = 1_000;
const nanodollarsPerDollar = 1_000_000_000;

/** The cost of one response's tokens in whole nanodollars (billionths of a US dollar), rounded once. Never negative. */
export function costOf({ text, audio, image }: TokenUsage, price: ModelPrice): number {
  const microdollars =
    inputCost(text, price.text) +
    inputCost(audio, price.audio) +
    inputCost(image, price.image) +
    text.output * rate(price.text.output) +
    audio.output * rate(price.audio.output);
  return Math.round(microdollars * nanodollarsPerToken);
}

/**
 * Computes the cost of one response, in nanodollars: whole billionths of a US dollar, so that sums stay exact. Cached tokens are part
 * of the input, and cheaper; reasoning is part of the text output. A missing or impossible number counts as 0, and tokens
 * that a total counts beyond its details count as text. Never negative.
 *
 * @example
 * ```ts
 * const usage = { input_token_details: { audio_tokens: 600 }, output_token_details: { audio_tokens: 1200 } };
 * const nanodollars = costOf(usage, prices['gpt-realtime-2.1']!); // 96_000_000: a minute each way
 * const dollars = nanodollars / 1e9; // 0.096
 * ```
 */
export function costOfUsage(usage: RealtimeResponseUsage, price: ModelPrice): number {
  return costOf(tokensOf(usage), price);
}

/**
 * What one transcription cost, in whole nanodollars, by the `usage` of
 * `conversation.item.input_audio_transcription.completed`. Null where there is no usage, or where it counts tokens and the
 * price is by the minute, or the other way round.
 */
export function transcriptionCost(usage: unknown, price: TranscriptionPrice): number | null {
  const type = field(usage, 'type');
  if ('perMinute' in price) return type === 'duration' ? durationCost(field(usage, 'seconds'), price.perMinute) : null;
  if (type !== 'tokens') return null;
  const details = field(usage, 'input_token_details');
  const text = tokens(details, 'text_tokens');
  const audio = Math.max(tokens(details, 'audio_tokens'), tokens(usage, 'input_tokens') - text);
  const output = tokens(usage, 'output_tokens') * rate(price.text.output);
  return Math.round((text * rate(price.text.input) + audio * rate(price.audio.input) + output) * nanodollarsPerToken);
}

function durationCost(seconds: unknown, perMinute: number): number | null {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return null;
  return Math.round((seconds * rate(perMinute) * nanodollarsPerDollar) / 60);
}

const inputCost = (
  { input, cached }: { readonly input: number; readonly cached: number },
  rates: Pick<TokenRates, 'input' | 'cached'>,
): number => (input - cached) * rate(rates.input) + cached * rate(rates.cached);

/** An invalid price counts as 0. */
const rate = (dollars: number): number => (Number.isFinite(dollars) ? Math.max(0, dollars) : 0);
