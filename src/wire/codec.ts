/** The features that a runtime may offer for text and base64. */
export interface Host {
  readonly Buffer?: typeof globalThis.Buffer | undefined;
  readonly atob: typeof globalThis.atob;
  readonly btoa: typeof globalThis.btoa;
  readonly TextDecoder: typeof globalThis.TextDecoder;
  readonly Uint8Array: NativeBase64;
}

export interface Codec {
  /** Decodes UTF-8; invalid bytes become U+FFFD. */
  text(bytes: Uint8Array): string;
  /** Decodes a range of ASCII bytes. Other bytes give some text that is not ASCII either. */
  ascii(bytes: Uint8Array, start: number, end: number): string;
  base64(bytes: Uint8Array): string;
  /** Decodes base64; null for anything but standard base64, padded to a multiple of four. */
  bytes(base64: string): Uint8Array | null;
  isBase64(text: string): boolean;
}

/** Picks the fastest codec of this runtime. All codecs accept the same texts. */
export function codecFor(host: Host): Codec {
  if (host.Buffer) return bufferCodec(host.Buffer);
  const decoder = new host.TextDecoder('utf-8', { ignoreBOM: true });
  const decode = strictly(nativeDecoder(host.Uint8Array) ?? atobDecoder(host.atob));
  return {
    text: (bytes) => decoder.decode(bytes),
    ascii: (bytes, start, end) => decoder.decode(bytes.subarray(start, end)),
    base64: nativeEncoder(host.Uint8Array) ?? btoaEncoder(host.btoa),
    bytes: decode,
    isBase64: (text) => decode(text) !== null,
  };
}

function bufferCodec(buffer: typeof globalThis.Buffer): Codec {
  const asBuffer = (bytes: Uint8Array): Buffer =>
    buffer.isBuffer(bytes) ? bytes : buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decode = strictly((base64) => buffer.from(base64, 'base64'));
  // Decoding into reused memory takes a quarter of the time of decoding into new memory.
  const scratch = buffer.allocUnsafeSlow(SCRATCH_BYTES);
  return {
    text: (bytes) => asBuffer(bytes).toString(),
    ascii: (bytes, start, end) => asBuffer(bytes).toString('latin1', start, end),
    base64: (bytes) => asBuffer(bytes).toString('base64'),
    bytes: decode,
    isBase64: (text) => {
      const length = decodedLength(text);
      if (length > SCRATCH_BYTES) return decode(text) !== null;
      return length >= 0 && scratch.write(text, 'base64') === length && !isForeign(text);
    },
  };
}

const SCRATCH_BYTES = 8 * 1024;

type Decode = (base64: string) => Uint8Array;

/**
 * Makes a decoder strict. Decoders skip or reject foreign characters in different ways, but always return fewer bytes
 * than the text's length implies: so the length is checked.
 */
function strictly(decode: Decode): (base64: string) => Uint8Array | null {
  return (base64) => {
    const length = decodedLength(base64);
    if (length < 0 || isForeign(base64)) return null;
    try {
      const bytes = decode(base64);
      return bytes.length === length ? bytes : null;
    } catch {
      return null;
    }
  };
}

/** How many bytes this text decodes to if it is base64; negative if it cannot be. */
function decodedLength(base64: string): number {
  const { length } = base64;
  if (length % 4 !== 0) return -1;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (length / 4) * 3 - padding;
}

/**
 * Whether the text has characters that only some decoders accept: the URL alphabet, and characters above one byte, of
 * which Node reads the lower byte.
 */
const isForeign = (base64: string): boolean => base64.includes('-') || base64.includes('_') || WIDE.test(base64);

/** Costs nothing for strings stored in single bytes, as base64 is. */
const WIDE = /[^\u0000-\u00ff]/;

/** `Uint8Array` in runtimes with built-in base64. */
interface NativeBase64 {
  readonly fromBase64?: ((base64: string) => Uint8Array) | undefined;
  readonly prototype: { readonly byteLength: number; readonly toBase64?: ((this: Uint8Array) => string) | undefined };
}

const nativeDecoder = ({ fromBase64 }: NativeBase64): Decode | undefined =>
  fromBase64 && ((base64) => fromBase64(base64));

const nativeEncoder = ({ prototype: { toBase64 } }: NativeBase64): ((bytes: Uint8Array) => string) | undefined =>
  toBase64 && ((bytes) => toBase64.call(bytes));

const atobDecoder =
  (atob: Host['atob']): Decode =>
  (base64) => {
    const binary = atob(base64);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
    return bytes;
  };

const btoaEncoder =
  (btoa: Host['btoa']) =>
  (bytes: Uint8Array): string => {
    let binary = '';
    for (let start = 0; start < bytes.length; start += ARGUMENTS) {
      binary += String.fromCharCode(...bytes.subarray(start, start + ARGUMENTS));
    }
    return btoa(binary);
  };

/** A number of arguments that one call accepts on every runtime. */
const ARGUMENTS = 8 * 1024;
