import { MisuseError } from '../errors.js';
import { codecFor } from './codec.js';

export const codec = codecFor(globalThis);

/** Decodes base64; null for anything but standard base64, padded to a multiple of four. */
export const decodeAudio = (base64: string): Uint8Array | null => codec.bytes(base64);

/** Writes audio as base64. */
export const encodeAudio = (bytes: Uint8Array): string => codec.base64(bytes);

/** The size limit of one append: the server takes 15 MiB per event. */
export const APPEND_LIMIT = 15 * 1024 * 1024;

/**
 * Writes an `input_audio_buffer.append` from bytes or standard base64, in the session's input format. Throws
 * `MisuseError` for anything else, and above 15 MiB.
 */
export function encodeAppend(audio: Uint8Array | string): string {
  const frame = BEFORE + (typeof audio === 'string' ? checked(audio) : codec.base64(bytesOf(audio))) + AFTER;
  if (frame.length > APPEND_LIMIT) {
    throw new MisuseError(
      `One append carries at most 15 MiB, about 11 MiB of audio bytes; this one has ${frame.length} bytes. Send it in pieces.`,
    );
  }
  return frame;
}

const BEFORE = '{"type":"input_audio_buffer.append","audio":"';
const AFTER = '"}';

/** How many bytes of audio an append carries, up to its padding. */
export const appendedBytes = (frame: string): number => ((frame.length - BEFORE.length - AFTER.length) / 4) * 3;

/** The audio of several appends as one base64 text. */
export function joinAppended(frames: readonly string[]): string {
  const pieces = frames.map((frame) => codec.bytes(audioIn(frame)) ?? new Uint8Array());
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const piece of pieces) {
    joined.set(piece, end);
    end += piece.length;
  }
  return codec.base64(joined);
}

/** An append that the program sent may have other fields. */
function audioIn(frame: string): string {
  if (frame.startsWith(BEFORE) && !frame.includes(',', BEFORE.length)) return frame.slice(BEFORE.length, -AFTER.length);
  return String((JSON.parse(frame) as { readonly audio?: unknown }).audio);
}

function checked(base64: string): string {
  if (codec.isBase64(base64)) return base64;
  throw new MisuseError(
    'This audio text is not base64: standard alphabet, padded, no line breaks, no data: prefix. Bytes can be given as they are.',
  );
}

function bytesOf(audio: unknown): Uint8Array {
  if (audio instanceof Uint8Array) return audio;
  if (Object.prototype.toString.call(audio) === '[object Uint8Array]' && ArrayBuffer.isView(audio)) {
    return new Uint8Array(audio.buffer, audio.byteOffset, audio.byteLength);
  }
  throw new MisuseError(
    'Audio is a Uint8Array or base64. Samples as bytes: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength).',
  );
}
