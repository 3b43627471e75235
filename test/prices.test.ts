import fc from 'fast-check';
import type { RealtimeResponseUsage } from 'openai/resources/realtime/realtime';
import { describe, expect, it } from 'vitest';
import { costOf, prices } from '../src/index.js';

const price = prices['gpt-realtime-2.1']!;
const usage = (input: object, cached: object, output: object): RealtimeResponseUsage => ({
  input_token_details: { ...input, cached_tokens_details: cached },
  output_token_details: output,
});

describe('costOf', () => {
  it('counts a minute each way as the published prices have it', () => {
    expect(costOf(usage({ audio_tokens: 600 }, {}, { audio_tokens: 1200 }), price)).toBeCloseTo(0.096, 10);
  });

  it('counts what is cached at its own price, each kind apart', () => {
    const input = { text_tokens: 1_000_000, audio_tokens: 1_000_000, image_tokens: 1_000_000 };
    const cached = { text_tokens: 1_000_000, audio_tokens: 500_000, image_tokens: 0 };
    expect(costOf(usage(input, cached, {}), price)).toBeCloseTo(0.4 + 16 + 0.2 + 5, 10);
  });

  it('counts no more as cached than there was of that kind', () => {
    const input = { text_tokens: 80, audio_tokens: 100 };
    const whole = costOf(usage(input, { text_tokens: 80 }, {}), price);
    expect(costOf(usage(input, { text_tokens: 4096 }, {}), price)).toBe(whole);
  });

  it('is never negative, and always a number, whatever a server reports', () => {
    const number = fc.oneof(fc.integer(), fc.constantFrom(null, undefined, Number.NaN, Infinity, -0.5));
    const counts = fc.oneof(
      fc.record({ text_tokens: number, audio_tokens: number, image_tokens: number }),
      fc.constant({}),
    );
    fc.assert(
      fc.property(counts, counts, counts, (input, cached, output) => {
        expect(costOf(usage(input, cached, output), price)).toBeGreaterThanOrEqual(0);
      }),
    );
    const nulls = { input_token_details: null, output_token_details: null } as unknown as RealtimeResponseUsage;
    expect(costOf(nulls, price)).toBe(0);
  });
});
