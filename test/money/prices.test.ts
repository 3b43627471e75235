import { describe, expect, it } from 'vitest';
import { modelPrice, publishedPrices, transcriptionPrice } from '../../src/money/prices.js';

describe('prices', () => {
  it('say when and where they were read', () => {
    expect(publishedPrices.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(new URL(publishedPrices.source).hostname).toBe('developers.openai.com');
  });

  it.each(Object.entries(publishedPrices.models))('take no more for cached than for other input: %s', (_, price) => {
    for (const { input, cached } of [price.text, price.audio, price.image]) expect(cached).toBeLessThanOrEqual(input);
  });
});

describe.each([
  ['modelPrice', modelPrice, 'gpt-realtime-2.1', publishedPrices.models['gpt-realtime-2.1']],
  ['transcriptionPrice', transcriptionPrice, 'gpt-4o-transcribe', publishedPrices.transcription['gpt-4o-transcribe']],
] as const)('%s', (_, find, id, price) => {
  it('finds the exact id', () => {
    expect(find(publishedPrices, id)).toBe(price);
  });

  it('finds a dated snapshot by the id without its date', () => {
    expect(find(publishedPrices, `${id}-2026-05-07`)).toBe(price);
  });

  it.each([null, '', '__proto__', 'constructor', 'toString-2026-05-07', `${id}-preview`, `${id}-2026-5-7`, `my-${id}`])(
    'knows no price of %o',
    (model) => {
      expect(find(publishedPrices, model)).toBeNull();
    },
  );
});

it('modelPrice prefers the price of a dated snapshot, where it has one of its own', () => {
  const own = publishedPrices.models['gpt-realtime-mini']!;
  const table = { ...publishedPrices, models: { ...publishedPrices.models, 'gpt-realtime-2025-08-28': own } };
  expect(modelPrice(table, 'gpt-realtime-2025-08-28')).toBe(own);
});
