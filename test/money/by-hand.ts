/** The costs of the recorded sessions. */

/**
 * Computed by hand from the recorded usage, in millionths of a dollar, at what gpt-realtime cost: text 4, cached 0.4,
 * output 16; audio 32, cached 0.4, output 64.
 */
export const responses: Readonly<Record<string, readonly number[]>> = {
  // 14 × 4 + 27 × 32 + 28 × 16 + 136 × 64 = 56 + 864 + 448 + 8704
  'audio-turn.jsonl': [10_072],
  // 149 × 4 + 14 × 16 = 596 + 224
  'history-seeding.jsonl': [820],
  // 12 × 4 + 9 × 16 + 61 × 64 = 48 + 144 + 3904
  'sideband-audio-turn.jsonl': [4_096],
  // 12 × 4 + 5 × 16 = 48 + 80
  'sideband-text-turn.jsonl': [128],
  // 16 × 4 + 9 × 16 + 15 × 64 = 64 + 144 + 960
  'text-in-audio-out.jsonl': [1_168],
  // 15 × 4 + 27 × 32 + 18 × 16 + 42 × 64 = 60 + 864 + 288 + 2688
  // 43 × 4 + (96 − 64) × 32 + 64 × 0.4 + 18 × 16 + 43 × 64 = 172 + 1024 + 25.6 + 288 + 2752
  // 63 × 4 + 124 × 32 + 17 × 16 + 98 × 64 = 252 + 3968 + 272 + 6272
  'three-audio-turns.jsonl': [3_900, 4_261.6, 10_764],
  // 63 × 4 + 22 × 16 = 252 + 352
  // (103 − 64) × 4 + 64 × 0.4 + 13 × 16 = 156 + 25.6 + 208
  'tool-round.jsonl': [604, 389.6],
};

/** Three seconds at $0.017 a minute each: 3 × 17,000 ÷ 60 millionths. */
export const transcriptions: Readonly<Record<string, readonly number[]>> = {
  'audio-turn.jsonl': [850],
  'three-audio-turns.jsonl': [850, 850, 850],
};

/** The whole of a session, in nanodollars. */
export const wholeOf = (name: string): number =>
  [...(responses[name] ?? []), ...(transcriptions[name] ?? [])].reduce(
    (sum, each) => sum + Math.round(each * 1_000),
    0,
  );
