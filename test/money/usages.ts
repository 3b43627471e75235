import fc from 'fast-check';
import type { TokenUsage } from '../../types/index.js';

const count = fc.integer({ min: 0, max: 1_000_000 });
const part = fc.tuple(count, count).map(([a, b]) => ({ input: Math.max(a, b), cached: Math.min(a, b) }));
const text = fc.tuple(part, count, count).map(([input, a, b]) => ({
  ...input,
  output: Math.max(a, b),
  reasoning: Math.min(a, b),
}));
const audio = fc.tuple(part, count).map(([input, output]) => ({ ...input, output }));

/** Any well-formed usage. */
export const anyTokens: fc.Arbitrary<TokenUsage> = fc.record({ text, audio, image: part });

const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(null, undefined, '7', Number.NaN, Infinity, -0.5, 1e300, {}, []),
);
const details = fc.oneof(
  fc.record(
    {
      text_tokens: number,
      audio_tokens: number,
      image_tokens: number,
      reasoning_tokens: number,
      cached_tokens: number,
      cached_tokens_details: fc.oneof(
        fc.record({ text_tokens: number, audio_tokens: number, image_tokens: number }, { requiredKeys: [] }),
        fc.constantFrom(null, 5, []),
      ),
    },
    { requiredKeys: [] },
  ),
  fc.constantFrom(null, 'none', []),
);

/** Anything that a server might send as `usage`. */
export const anyUsage: fc.Arbitrary<unknown> = fc.oneof(
  fc.record(
    { input_tokens: number, output_tokens: number, input_token_details: details, output_token_details: details },
    { requiredKeys: [] },
  ),
  fc.anything(),
);
