/** What a runtime offers for text and base64. */
export interface Host {
  readonly Buffer?: typeof globalThis.Buffer | undefined;
  readonly atob: typeof globalThis.atob;
  readonly btoa: typeof globalThis.btoa;
  readonly TextDecoder: typeof globalThis.TextDecoder;
  readonly Uint8Array: NativeBase64;
}

export interface Codec {
  /** UTF-8; what is not valid becomes U+FFFD. */
  text(bytes: Uint8Array): string;
  /** A part of it, where it is ASCII; where it is not, something that is not ASCII either. */
  ascii(bytes: Uint8Array, start: number, end: number): string;
  base64(bytes: Uint8Array): string;
  /** Null where it is not standard base64, padded to a multiple of four. */
  bytes(base64: string): Uint8Array | null;
  isBase64(text: string): boolean;
}

/** The fastest way this runtime has. Every way accepts the same texts. */
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
  // Decoding into the same memory again costs a quarter of decoding into new memory.
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
 * Decoders skip or refuse what is not base64, each in its own way; in every one of them a character that does not
 * belong makes the result shorter than the text promised. So the length is the check.
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

/** How many bytes this text stands for if it is base64; negative if it cannot be. */
function decodedLength(base64: string): number {
  const { length } = base64;
  if (length % 4 !== 0) return -1;
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (length / 4) * 3 - padding;
}

/**
 * What some decoders take and others do not: the alphabet of URLs, and characters beyond a byte, of which Node reads
 * the lower half.
 */
const isForeign = (base64: string): boolean => base64.includes('-') || base64.includes('_') || WIDE.test(base64);

/** Costs nothing where a string is kept in single bytes, as base64 is. */
const WIDE = /[^\u0000-\u00ff]/;

/** `Uint8Array` where the runtime has its own base64. */
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

/** How many arguments one call takes on every runtime. */
const ARGUMENTS = 8 * 1024;
