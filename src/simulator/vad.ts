import { fromAlaw, fromMulaw } from './server/tone.js';

/** The thresholds that decide what counts as speech. */
export interface VadSettings {
  readonly format: 'audio/pcm' | 'audio/pcmu' | 'audio/pcma';
  /** From 0 to 1, as in `turn_detection.threshold`. */
  readonly threshold: number;
  readonly silenceMs: number;
}

/** The state of a voice detector for one connection. Plain data. */
export interface Vad {
  /** Milliseconds heard so far. */
  positionMs: number;
  /** When the current speech began; null while nobody speaks. */
  speakingSince: number | null;
  voicedMs: number;
  silentMs: number;
  /** Samples that do not yet fill a frame. */
  rest: number[];
}

export type SpeechEdge =
  | { readonly edge: 'begins'; readonly atMs: number }
  | { readonly edge: 'ends'; readonly atMs: number; readonly lastedMs: number };

const frameMs = 20;
/** The shortest continuous voice that counts as speech, so that a click does not. */
const leastVoiceMs = 60;
/** The loudness, as a share of full scale, that a threshold of 1 requires. */
const loudest = 0.02;

export const createVad = (): Vad => ({ positionMs: 0, speakingSince: null, voicedMs: 0, silentMs: 0, rest: [] });

/** Forgets the current speech, and keeps the position. */
export function hush(vad: Vad): void {
  Object.assign(vad, { speakingSince: null, voicedMs: 0, silentMs: 0 });
}

/** Processes more audio; returns where speech began and ended in it. */
export function hear(vad: Vad, audio: Uint8Array, settings: VadSettings): readonly SpeechEdge[] {
  const edges: SpeechEdge[] = [];
  const samples = [...vad.rest, ...decode(audio, settings.format)];
  const perFrame = frameMs * (settings.format === 'audio/pcm' ? 24 : 8);
  let start = 0;
  for (; start + perFrame <= samples.length; start += perFrame) {
    vad.positionMs += frameMs;
    const isVoice = loudness(samples, start, start + perFrame) > settings.threshold * loudest;
    const edge = isVoice ? hearVoice(vad) : hearSilence(vad, settings.silenceMs);
    if (edge) edges.push(edge);
  }
  vad.rest = samples.slice(start);
  return edges;
}

function hearVoice(vad: Vad): SpeechEdge | null {
  vad.voicedMs += frameMs;
  vad.silentMs = 0;
  if (vad.speakingSince !== null || vad.voicedMs < leastVoiceMs) return null;
  vad.speakingSince = vad.positionMs - vad.voicedMs;
  return { edge: 'begins', atMs: vad.speakingSince };
}

function hearSilence(vad: Vad, silenceMs: number): SpeechEdge | null {
  vad.voicedMs = 0;
  vad.silentMs += frameMs;
  if (vad.speakingSince === null || vad.silentMs < silenceMs) return null;
  const lastedMs = vad.positionMs - vad.speakingSince;
  hush(vad);
  return { edge: 'ends', atMs: vad.positionMs, lastedMs };
}

function decode(audio: Uint8Array, format: VadSettings['format']): number[] {
  if (format === 'audio/pcmu') return Array.from(audio, fromMulaw);
  if (format === 'audio/pcma') return Array.from(audio, fromAlaw);
  const view = new DataView(audio.buffer, audio.byteOffset, audio.byteLength);
  return Array.from({ length: audio.byteLength >> 1 }, (_, index) => view.getInt16(index * 2, true));
}

/** The root mean square, as a share of full scale. */
function loudness(samples: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += (samples[index] ?? 0) ** 2;
  return Math.sqrt(sum / (to - from)) / 32_768;
}
