import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTokens, noTokens, tokensOf } from '../../src/money/usage.js';
import { anyTokens, anyUsage } from './usages.js';

describe('tokensOf', () => {
  it('reads every number of a whole usage', () => {
    const usage = {
      total_tokens: 200,
      input_tokens: 139,
      output_tokens: 61,
      input_token_details: {
        text_tokens: 43,
        audio_tokens: 94,
        image_tokens: 2,
        cached_tokens: 65,
        cached_tokens_details: { text_tokens: 0, audio_tokens: 64, image_tokens: 1 },
      },
      output_token_details: { text_tokens: 18, audio_tokens: 43, reasoning_tokens: 17 },
    };
    expect(tokensOf(usage)).toEqual({
      text: { input: 43, cached: 0, output: 18, reasoning: 17 },
      audio: { input: 94, cached: 64, output: 43 },
      image: { input: 2, cached: 1 },
    });
  });

  it('gives whole numbers of at least 0, cached within input, reasoning within text output, for any usage', () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const { text, audio, image } = tokensOf(usage);
        for (const part of [text, audio, image]) {
          for (const count of Object.values(part)) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
          expect(part.cached).toBeLessThanOrEqual(part.input);
        }
        expect(text.reasoning).toBeLessThanOrEqual(text.output);
      }),
    );
  });

  it('counts as text what a total counts beyond its details', () => {
    const usage = { input_tokens: 100, output_tokens: 50, input_token_details: { audio_tokens: 60 } };
    expect(tokensOf(usage)).toEqual({
      text: { input: 40, cached: 0, output: 50, reasoning: 0 },
      audio: { input: 60, cached: 0, output: 0 },
      image: { input: 0, cached: 0 },
    });
  });

  it('counts cached tokens without details as cached text, as far as there is text', () => {
    const details = { text_tokens: 40, audio_tokens: 60, cached_tokens: 64 };
    expect(tokensOf({ input_token_details: details })).toMatchObject({ text: { cached: 40 }, audio: { cached: 0 } });
  });

  it('looks at own fields only', () => {
    expect(tokensOf(Object.create({ input_tokens: 100 }))).toEqual(noTokens);
  });

  it.each([undefined, null, 7, 'much', [], {}])('finds no tokens in %o', (usage) => {
    expect(tokensOf(usage)).toEqual(noTokens);
  });
});

describe('addTokens', () => {
  it('adds number by number', () => {
    const one = {
      text: { input: 1, cached: 2, output: 3, reasoning: 4 },
      audio: { input: 5, cached: 6, output: 7 },
      image: { input: 8, cached: 9 },
    };
    expect(addTokens(one, one)).toEqual({
      text: { input: 2, cached: 4, output: 6, reasoning: 8 },
      audio: { input: 10, cached: 12, output: 14 },
      image: { input: 16, cached: 18 },
    });
  });

  it('changes nothing by adding no tokens', () => {
    fc.assert(
      fc.property(anyTokens, (tokens) => {
        expect(addTokens(tokens, noTokens)).toEqual(tokens);
      }),
    );
  });
});
