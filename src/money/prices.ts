import type { ModelPrice, PriceTable, TranscriptionPrice } from '../../types/index.js';

const reasoning: ModelPrice = {
  text: { input: 4, cached: 0.4, output: 24 },
  audio: { input: 32, cached: 0.4, output: 64 },
  image: { input: 5, cached: 0.5 },
};
const plain: ModelPrice = {
  text: { input: 4, cached: 0.4, output: 16 },
  audio: { input: 32, cached: 0.4, output: 64 },
  image: { input: 5, cached: 0.5 },
};
const mini: ModelPrice = {
  text: { input: 0.6, cached: 0.06, output: 2.4 },
  audio: { input: 10, cached: 0.3, output: 20 },
  image: { input: 0.8, cached: 0.08 },
};

/**
 * The published prices of the models that speak, by the id of the model.
 *
 * @example
 * ```ts
 * prices['gpt-realtime-2.1']?.audio.output; // 64 dollars for a million tokens
 * ```
 */
export const prices: PriceTable['models'] = {
  'gpt-realtime-2.1': reasoning,
  'gpt-realtime-2.1-mini': mini,
  'gpt-realtime-2': reasoning,
  'gpt-realtime-1.5': plain,
  'gpt-realtime': plain,
  'gpt-realtime-mini': mini,
};

/**
 * OpenAI's own published prices, in US dollars, with the day they were read. Azure's differ. Compare them with the source
 * before you bill by them, and write your own table where yours differ.
 *
 * @see https://developers.openai.com/api/docs/models
 * @example
 * ```ts
 * publishedPrices.models['gpt-realtime-2.1']?.audio.output; // 64 dollars for a million tokens
 * const own = { ...publishedPrices, models: { ...prices, 'our-deployment': prices['gpt-realtime-2.1']! } };
 * ```
 */
export const publishedPrices: PriceTable & {
  /** The day the prices were read, as `YYYY-MM-DD`. */
  readonly asOf: string;
  /** Where the prices were read; each model has a page of its own there. */
  readonly source: string;
} = {
  asOf: '2026-11-26',
  source: 'https://developers.openai.com/api/docs/models',
  models: prices,
  transcription: {
    'gpt-realtime-whisper': { perMinute: 0.017 },
    'gpt-live-transcribe': { perMinute: 0.017 },
    'gpt-transcribe': { perMinute: 0.0045 },
    'whisper-1': { perMinute: 0.006 },
    // OpenAI's pages give one input price and one output price for all modalities.
    'gpt-4o-transcribe': { text: { input: 2.5, output: 10 }, audio: { input: 2.5 } },
    'gpt-4o-mini-transcribe': { text: { input: 1.25, output: 5 }, audio: { input: 1.25 } },
  },
};

/** Finds a model's price by its exact id, else by its id without the date at its end; null where neither is listed. */
export const modelPrice = (table: PriceTable, model: string | null): ModelPrice | null => listed(table.models, model);

/** Finds the price of a transcription model, as {@link modelPrice} does. */
export const transcriptionPrice = (table: PriceTable, model: string | null): TranscriptionPrice | null =>
  listed(table.transcription, model);

function listed<Price>(byModel: Readonly<Record<string, Price>>, model: string | null): Price | null {
  if (model === null) return null;
  const id = [model, model.replace(/-\d{4}-\d{2}-\d{2}$/, '')].find((each) => Object.hasOwn(byModel, each));
  return id === undefined ? null : (byModel[id] ?? null);
}
