import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as door from '../../src/index.js';
import { costOf, transcriptionCost } from '../../src/money/cost.js';
import { publishedPrices, transcriptionPrice } from '../../src/money/prices.js';
import { addTokens, noTokens, tokensOf } from '../../src/money/usage.js';
import type { TokenUsage } from '../../types/index.js';
import { anyTokens, anyUsage } from './usages.js';

const price = publishedPrices.models['gpt-realtime-2.1']!;
const anyPrice = fc.constantFrom(...Object.values(publishedPrices.models));

describe('costOf', () => {
  it('counts a minute each way as the published publishedPrices have it: 600 × $32 + 1200 × $64 a million', () => {
    const minute = { ...noTokens, audio: { input: 600, cached: 0, output: 1200 } };
    expect(costOf(minute, price)).toBe(96_000_000);
  });

  it('counts each modality, and what is cached of it, at its own price', () => {
    const million = 1_000_000;
    const tokens: TokenUsage = {
      text: { input: million, cached: million, output: 0, reasoning: 0 }, // $0.40
      audio: { input: million, cached: million / 2, output: 0 }, // $16 + $0.20
      image: { input: million, cached: million / 4 }, // $3.75 + $0.125
    };
    expect(costOf(tokens, price)).toBe(20_475_000_000);
  });

  it('counts reasoning once: it is part of the text output', () => {
    const silent = { ...noTokens.text, output: 100 };
    expect(costOf({ ...noTokens, text: { ...silent, reasoning: 40 } }, price)).toBe(2_400_000);
  });

  it('is a whole number and never negative, for any usage of any listed model', () => {
    fc.assert(
      fc.property(anyUsage, anyPrice, (usage, any) => {
        const cost = costOf(tokensOf(usage), any);
        expect(Number.isInteger(cost) && cost >= 0).toBe(true);
      }),
    );
  });

  it('is a whole number and never negative, for any price that somebody writes', () => {
    const dollars = fc.double();
    const rates = fc.record({ input: dollars, cached: dollars, output: dollars });
    fc.assert(
      fc.property(fc.record({ text: rates, audio: rates, image: rates }), (odd) => {
        const cost = costOf({ ...noTokens, audio: { input: 3, cached: 1, output: 2 } }, odd);
        expect(cost >= 0 && (Number.isInteger(cost) || cost === Infinity)).toBe(true);
      }),
    );
  });

  it('is additive: two responses cost what their tokens cost together', () => {
    fc.assert(
      fc.property(anyTokens, anyTokens, anyPrice, (a, b, any) => {
        expect(costOf(addTokens(a, b), any)).toBe(costOf(a, any) + costOf(b, any));
      }),
    );
  });

  it('is never dearer for what comes from the cache', () => {
    fc.assert(
      fc.property(anyTokens, anyPrice, ({ text, audio, image }, any) => {
        const fresh = {
          text: { ...text, cached: 0 },
          audio: { ...audio, cached: 0 },
          image: { ...image, cached: 0 },
        };
        expect(costOf({ text, audio, image }, any)).toBeLessThanOrEqual(costOf(fresh, any));
      }),
    );
  });
});

describe('the public costOf', () => {
  it('reads the usage as the server sends it', () => {
    const usage = { input_token_details: { audio_tokens: 600 }, output_token_details: { audio_tokens: 1200 } };
    expect(door.costOf(usage, price)).toBe(96_000_000);
  });
});

describe('transcriptionCost', () => {
  const whisper = transcriptionPrice(publishedPrices, 'gpt-realtime-whisper')!;
  const byToken = transcriptionPrice(publishedPrices, 'gpt-4o-transcribe')!;

  it('counts three seconds at $0.017 a minute', () => {
    expect(transcriptionCost({ type: 'duration', seconds: 3 }, whisper)).toBe(850_000);
  });

  it('counts tokens: 10 and 28 of input at $2.50, 10 of output at $10 a million', () => {
    const details = { text_tokens: 10, audio_tokens: 28 };
    const usage = { type: 'tokens', input_tokens: 38, input_token_details: details, output_tokens: 10 };
    expect(transcriptionCost(usage, byToken)).toBe(195_000); // 38 × 2.5 + 10 × 10 = 195 millionths
  });

  it('counts input without details as audio', () => {
    const dear = { text: { input: 0, output: 0 }, audio: { input: 6 } };
    expect(transcriptionCost({ type: 'tokens', input_tokens: 10, output_tokens: 5 }, dear)).toBe(60_000);
  });

  it.each([
    undefined,
    null,
    {},
    { type: 'tokens', input_tokens: 3 },
    { type: 'duration', seconds: -1 },
    { seconds: 3 },
  ])('is unknown by the minute for %o', (usage) => {
    expect(transcriptionCost(usage, whisper)).toBeNull();
  });

  it.each([undefined, null, {}, { type: 'duration', seconds: 3 }, { input_tokens: 3 }])(
    'is unknown by the token for %o',
    (usage) => {
      expect(transcriptionCost(usage, byToken)).toBeNull();
    },
  );
});
