import { describe, expect, it } from 'vitest';
import { audioOf, fromAlaw, fromMulaw, toAlaw, toMulaw } from '../../src/simulator/server/tone.js';
import type { VadSettings } from '../../src/simulator/vad.js';
import { createVad, hear } from '../../src/simulator/vad.js';

const settings = (given: Partial<VadSettings> = {}): VadSettings => ({
  format: 'audio/pcm',
  threshold: 0.5,
  silenceMs: 200,
  ...given,
});
const audio = (ms: number, kind: 'tone' | 'silence', format: VadSettings['format'] = 'audio/pcm') =>
  Buffer.from(audioOf(format, ms, kind), 'base64');

describe('voice detection by loudness', () => {
  it.each(['audio/pcm', 'audio/pcmu', 'audio/pcma'] as const)('finds where a tone begins and ends in %s', (format) => {
    const vad = createVad();
    const edges = [
      ...hear(vad, audio(500, 'silence', format), settings({ format })),
      ...hear(vad, audio(1000, 'tone', format), settings({ format })),
      ...hear(vad, audio(500, 'silence', format), settings({ format })),
    ];
    expect(edges).toEqual([
      { edge: 'begins', atMs: 500 },
      { edge: 'ends', atMs: 1700, lastedMs: 1200 },
    ]);
  });

  it('finds the same, however the audio is cut into pieces', () => {
    const whole = Buffer.concat([audio(300, 'silence'), audio(400, 'tone'), audio(400, 'silence')]);
    for (const bytes of [2, 318, 960, 7000]) {
      const vad = createVad();
      const edges = [];
      for (let at = 0; at < whole.length; at += bytes)
        edges.push(...hear(vad, whole.subarray(at, at + bytes), settings()));
      expect(edges).toEqual([
        { edge: 'begins', atMs: 300 },
        { edge: 'ends', atMs: 900, lastedMs: 600 },
      ]);
    }
  });

  it('takes a click for nothing, and a pause shorter than the silence for nothing', () => {
    const vad = createVad();
    expect(hear(vad, Buffer.concat([audio(40, 'tone'), audio(500, 'silence')]), settings())).toEqual([]);
    const edges = hear(vad, Buffer.concat([audio(100, 'tone'), audio(180, 'silence'), audio(100, 'tone')]), settings());
    expect(edges).toEqual([{ edge: 'begins', atMs: 540 }]);
  });

  it('waits for as much silence as the session says, and for as much voice', () => {
    const line = Buffer.concat([audio(200, 'tone'), audio(400, 'silence')]);
    expect(hear(createVad(), line, settings({ silenceMs: 500 }))).toHaveLength(1);
    const faint = Buffer.from(new Int16Array(24 * 200).fill(400).buffer);
    expect(hear(createVad(), faint, settings({ threshold: 0.5 }))).toHaveLength(1);
    expect(hear(createVad(), faint, settings({ threshold: 0.9 }))).toHaveLength(0);
  });
});

describe('G.711', () => {
  it.each([
    ['µ-law', toMulaw, fromMulaw],
    ['A-law', toAlaw, fromAlaw],
  ])(
    '%s: every code decodes to what encodes to it, and every sample comes back within its step',
    (_, encode, decode) => {
      for (let code = 0; code < 256; code += 1) {
        const sample = decode(code);
        expect(decode(encode(sample))).toBe(sample);
      }
      for (let sample = -32_000; sample <= 32_000; sample += 37) {
        expect(Math.abs(decode(encode(sample)) - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16));
      }
    },
  );

  it('has the codes of the standard', () => {
    expect([toMulaw(0), toMulaw(-32_635), toMulaw(32_635)]).toEqual([0xff, 0x00, 0x80]);
    expect([toAlaw(0), toAlaw(32_767), toAlaw(-32_768)]).toEqual([0xd5, 0xaa, 0x2a]);
  });
});
