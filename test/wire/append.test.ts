import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { APPEND_LIMIT, encodeAppend } from '../../src/wire/index.js';

const append = (audio: string) => ({ type: 'input_audio_buffer.append', audio });

describe('an append', () => {
  test('carries bytes as base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_000 }), (bytes) => {
        expect(JSON.parse(encodeAppend(bytes))).toStrictEqual(append(Buffer.from(bytes).toString('base64')));
      }),
    );
  });

  test('carries exactly the bytes of a view', () => {
    const view = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4);
    expect(JSON.parse(encodeAppend(view))).toStrictEqual(append('AQID'));
    expect(JSON.parse(encodeAppend(Buffer.from(view)))).toStrictEqual(append('AQID'));
  });

  test('carries base64 as it is', () => {
    expect(JSON.parse(encodeAppend('AQIDBA=='))).toStrictEqual(append('AQIDBA=='));
  });

  test('takes bytes from another realm', () => {
    const foreign: unknown = runInNewContext('Uint8Array.of(1, 2, 3)');
    expect(JSON.parse(encodeAppend(foreign as Uint8Array))).toStrictEqual(append('AQID'));
  });

  test('is never anything but an append, whatever the text', () => {
    const smuggled = 'AA","type":"response.create","x":"';
    expect(() => encodeAppend(smuggled)).toThrow(MisuseError);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(JSON.parse(encodeAppend(text))).toStrictEqual(append(text));
        } catch (error) {
          expect(error).toBeInstanceOf(MisuseError);
        }
      }),
    );
  });

  test.each([
    ['16-bit samples', Int16Array.of(1, 2)],
    ['float samples', Float32Array.of(0.5)],
    ['an ArrayBuffer', new ArrayBuffer(4)],
    ['a list of numbers', [1, 2, 3]],
    ['a liar', { [Symbol.toStringTag]: 'Uint8Array', length: 3 }],
    ['nothing', undefined],
  ])('refuses %s, and says what it takes', (_, audio) => {
    expect(() => encodeAppend(audio as never)).toThrow(/Uint8Array or base64/);
    expect(() => encodeAppend(audio as never)).toThrow(MisuseError);
  });

  test('weighs 15 MiB at most', () => {
    const most = Math.floor((APPEND_LIMIT - encodeAppend('').length) / 4) * 3;
    expect(encodeAppend(new Uint8Array(most)).length).toBeLessThanOrEqual(APPEND_LIMIT);
    expect(() => encodeAppend(new Uint8Array(most + 3))).toThrow(/15 MiB.*in pieces/);
    expect(() => encodeAppend('A'.repeat(APPEND_LIMIT))).toThrow(MisuseError);
  });
});
