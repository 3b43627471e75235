import type { Json } from './wire.js';

const frequencyHz = 440;
const amplitude = 8000;
/** Chunks and their base64, each made once. */
const made = new Map<string, string>();
const audio = new Set<Json | undefined>();

export type AudioFormat = 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';

/** The bytes of one millisecond of audio. */
export const bytesPerMs = (format: Json | undefined): number =>
  format === 'audio/pcmu' || format === 'audio/pcma' ? 8 : 48;

/** Base64 of `ms` milliseconds of a 440 Hz tone that starts at zero, in the session's format. */
export function audioOf(format: Json | undefined, ms: number, kind: 'tone' | 'silence' | 'tiny'): string {
  const key = kind === 'tiny' ? 'tiny' : `${JSON.stringify(format)} ${ms} ${kind}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const base64 = kind === 'tiny' ? 'AAAAAA==' : encode(format, Math.round(ms), kind === 'tone' ? amplitude : 0);
  if (made.size > 500) {
    made.clear();
    audio.clear();
  }
  made.set(key, base64);
  audio.add(base64);
  return base64;
}

/** Whether this text is audio that was made here lately, and so base64. */
export const isMade = (text: Json | undefined): text is string => audio.has(text);

function encode(format: Json | undefined, ms: number, loudness: number): string {
  const perMs = bytesPerMs(format);
  const bytes = Buffer.alloc(ms * perMs);
  const samples = perMs === 8 ? bytes.length : bytes.length / 2;
  const rate = perMs === 8 ? 8000 : 24_000;
  for (let index = 0; index < samples; index += 1) {
    const sample = Math.round(loudness * Math.sin((2 * Math.PI * frequencyHz * index) / rate));
    if (format === 'audio/pcmu') bytes[index] = toMulaw(sample);
    else if (format === 'audio/pcma') bytes[index] = toAlaw(sample);
    else bytes.writeInt16LE(sample, index * 2);
  }
  return bytes.toString('base64');
}

/** Encodes a sample as ITU-T G.711 µ-law: 14 bits in eight. */
export function toMulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132;
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

export function fromMulaw(byte: number): number {
  const code = ~byte & 0xff;
  const exponent = (code >> 4) & 0x07;
  const magnitude = (((code & 0x0f) << 3) + 132) << exponent;
  return code & 0x80 ? 132 - magnitude : magnitude - 132;
}

/** Encodes a sample as ITU-T G.711 A-law: 13 bits in eight, every other bit inverted. */
export function toAlaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, 32_767) >> 3;
  const exponent = Math.max(0, 31 - Math.clz32(magnitude | 1) - 4);
  const segment = magnitude < 32 ? magnitude >> 1 : (magnitude >> exponent) & 0x0f;
  const code = magnitude < 32 ? segment : (exponent << 4) | segment;
  return (sign | code) ^ 0x55;
}

export function fromAlaw(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 0x07;
  const mantissa = code & 0x0f;
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 264) << (exponent - 1);
  return code & 0x80 ? magnitude : -magnitude;
}
