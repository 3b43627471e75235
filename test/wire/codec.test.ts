import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codecFor, type Host } from '../../src/wire/codec.js';
import { decodeAudio } from '../../src/wire/index.js';
import { isStandardBase64 } from './frames.js';

const { atob, btoa, TextDecoder } = globalThis;
const bare = { atob, btoa, TextDecoder, Uint8Array: { prototype: { byteLength: 0 } } };

/** What newer runtimes have: refuses what is not base64, passes over blanks. */
const itsOwnBase64 = {
  fromBase64(text: string): Uint8Array {
    const compact = text.replace(/[\t\n\f\r ]/g, '');
    if (/[^A-Za-z0-9+/=]|=[^=]/.test(compact)) throw new SyntaxError('not base64');
    return new Uint8Array(Buffer.from(compact, 'base64'));
  },
  prototype: {
    byteLength: 0,
    toBase64(this: Uint8Array): string {
      return Buffer.from(this).toString('base64');
    },
  },
};

const hosts: readonly (readonly [string, Host])[] = [
  ['this runtime', globalThis],
  ['a runtime with Buffer', { ...bare, Buffer }],
  ['a runtime with base64 of its own', { ...bare, Uint8Array: itsOwnBase64 }],
  ['a runtime with atob alone', bare],
];

describe.each(hosts)('on %s', (_, host) => {
  const codec = codecFor(host);

  test('bytes come back from base64 as they went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect([...(codec.bytes(codec.base64(bytes)) ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  test('so does a quarter of an hour of a call', () => {
    const bytes = new Uint8Array(7_200_000).map((_, index) => index * 7);
    const base64 = codec.base64(bytes);
    expect(codec.isBase64(base64)).toBe(true);
    expect(Buffer.compare(codec.bytes(base64) ?? Buffer.of(), bytes)).toBe(0);
  });

  test('a text is taken for base64 exactly if it is', () => {
    const alphabet = fc.constantFrom('A', 'z', '9', '+', '/', '=', '-', '_', ' ', '\n', '"', '\\', 'é', '€', '\0');
    const text = fc.oneof(
      fc.string({ unit: alphabet, maxLength: 9 }),
      fc.string({ unit: fc.constantFrom('A', 'b', '='), maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('A', 'b', '\u2041', '\u0141'), minLength: 4, maxLength: 4 }),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        expect(codec.isBase64(candidate)).toBe(isStandardBase64(candidate));
        expect(codec.bytes(candidate) !== null).toBe(isStandardBase64(candidate));
      }),
      { numRuns: 3_000, examples: [['QQ=='], ['QUI='], ['Q==='], ['===='], ['=QUJ'], ['QQ=Q'], ['QQ==QQ=='], ['']] },
    );
  });

  test('one wrong character in a long text is found, wherever it is', () => {
    const long = 'QUJD'.repeat(4_000);
    for (const intruder of ['=', '-', '"', ' ', 'é']) {
      for (const place of [0, 7_999, 15_999]) {
        const text = long.slice(0, place) + intruder + long.slice(place + 1);
        expect(codec.isBase64(text)).toBe(place === 15_999 && intruder === '=');
      }
    }
  });

  test('a part of a text is its ASCII, and nothing that only looks like it', () => {
    const bytes = new TextEncoder().encode('head: abc é');
    expect(codec.ascii(bytes, 6, 9)).toBe('abc');
    expect(codec.ascii(bytes.subarray(4), 2, 90)).toMatch(/^abc [^\0-\x7f]+$/);
  });

  test('text is UTF-8, and what is not becomes U+FFFD', () => {
    expect(codec.text(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff, 0xc3, 0xa4))).toBe('\ufeffa\ufffdä');
  });
});

test('decodeAudio gives bytes, or null', () => {
  expect([...(decodeAudio('AAEC') ?? [])]).toEqual([0, 1, 2]);
  expect(decodeAudio('AAE')).toBeNull();
});
