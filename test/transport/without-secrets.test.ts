import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleaned, mayHold, withoutSecrets } from '../../src/secrets.js';

const key = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const awkward = 'pa+ss/wö"rd\\=9==';
const awkwardInBase64ForAddresses = 'pa-ss_wö"rd\\=9';

describe('another party’s words', () => {
  test.each([
    ['as it is', awkward],
    ['percent-encoded', encodeURIComponent(awkward)],
    ['percent-encoded in small letters', encodeURIComponent(awkward).toLowerCase()],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(awkward))],
    ['percent-encoded in part', awkward.replace('/', '%2F')],
    ['as a form field', new URLSearchParams({ it: awkward }).toString()],
    ['in JSON', JSON.stringify(awkward)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ it: awkward }))],
    ['in JSON with escaped slashes', JSON.stringify(awkward).replace('/', '\\/')],
    ['in JSON in ASCII', JSON.stringify(awkward).replace('ö', '\\u00F6')],
    ['in base64 for addresses', awkwardInBase64ForAddresses],
    ['without padding', awkward.slice(0, -2)],
  ])('hold no secret that is written %s', (_, written) => {
    const clean = withoutSecrets(`Rejected: ${written} (sorry)`, [awkward]);
    expect(clean).toMatch(/^Rejected: .*\[hidden\].* \(sorry\)$/);
    expect(clean).not.toMatch(/ss|rd|=9/);
  });

  test('hold none as often as it is written, nor the scheme before it', () => {
    const text = `Bearer ${key}, then ${key}, then Digest ${key}.`;
    expect(withoutSecrets(text, [key, `Bearer ${key}`])).toBe('[hidden], then [hidden], then Digest [hidden].');
  });

  test.each([
    ['', ''],
    ['…', '…'],
    ['... was revoked', '... was revoked'],
    ['**** was revoked', '**** was revoked'],
  ])('hold no beginning of a secret that was cut off: "%s"', (after, left) => {
    for (const length of [8, 20, key.length - 1]) {
      expect(withoutSecrets(`key ${key.slice(0, length)}${after}`, [key])).toBe(`key [hidden]${left}`);
    }
    expect(withoutSecrets(`key ${key.slice(0, 7)}${after}`, [key])).toBe(`key ${key.slice(0, 7)}${after}`);
  });

  test('hold nothing that looks like a key, though nobody knows it', () => {
    const text = 'sk-proj-1, ek_2, Bearer abc and http://user:pass@proxy:3128/';
    expect(withoutSecrets(text, [])).toBe('[hidden] [hidden] [hidden] and http://[hidden]@proxy:3128/');
  });

  test('keep what is shorter than a secret can be', () => {
    expect(withoutSecrets('a key of 1234567', ['', 'key', '1234567'])).toBe('a key of 1234567');
  });

  test('keep everything that has nothing of a secret', () => {
    const text = 'See https://platform.openai.com/account: time 12:30, mail a@b.example.';
    expect(withoutSecrets(text, [key, awkward, '--------', '\ud800 lone surrogate'])).toBe(text);
  });
});

describe('a JSON value', () => {
  const value = (secret: string) => ({
    type: 'error',
    error: { message: `Incorrect API key: ${secret}.`, [`about ${secret}`]: [1, null, true, [secret]] },
  });

  test('is cleaned in every string and every key, and is otherwise the same', () => {
    const clean = cleaned(value(key), [key]);
    expect(clean).toEqual(value('[hidden]'));
    expect(Object.keys(clean)).toEqual(['type', 'error']);
  });

  test('is cleaned though nothing but one key holds a secret', () => {
    expect(cleaned([{ [key]: 1 }], [key])).toEqual([{ '[hidden]': 1 }]);
  });

  test('is left as it was, only its copy is clean', () => {
    const original = value(key);
    cleaned(original, [key]);
    expect(original).toEqual(value(key));
  });

  test.each([
    ['it holds no secret', value('none'), [key]],
    ['it holds a part of one only', value(awkward.slice(0, 8)), [awkward]],
    ['there are no secrets', value(key), []],
    ['the secrets are too short', value('abc'), ['abc', '']],
    ['it merely looks like a key', value('Bearer of good news, sk-1'), [key]],
  ])('is returned itself where %s', (_, original, secrets) => {
    expect(cleaned(original, secrets)).toBe(original);
  });

  test.each([key, null, 7, [key]])('may be of any kind: %j', (original) => {
    expect(JSON.stringify(cleaned(original, [key]))).toBe(JSON.stringify(original).replace(key, '[hidden]'));
  });

  test('may be nested more deeply than the stack allows, and be very wide', () => {
    let deep: unknown = key;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    let inside = cleaned(deep, [key]);
    while (Array.isArray(inside)) inside = (inside as unknown[])[0];
    expect(inside).toBe('[hidden]');
    const wide = [...Array.from({ length: 300_000 }, String), key];
    expect(cleaned(wide, [key]).at(-1)).toBe('[hidden]');
  });

  test('is looked through wherever it holds a secret, whichever of its letters are escaped', () => {
    const text = fc.constantFrom(key, awkward, encodeURIComponent(awkward), 'none', 'ä');
    const written = fc.tuple(text, fc.array(fc.boolean(), { maxLength: 60 }), fc.boolean());
    fc.assert(
      fc.property(written, ([said, escaped, isUpper]) => {
        const escape = (letter: string, at: number): string => {
          const hex = letter.charCodeAt(0).toString(16).padStart(4, '0');
          return escaped[at] ? `\\u${isUpper ? hex.toUpperCase() : hex}` : JSON.stringify(letter).slice(1, -1);
        };
        const json = `{"type":"error","message":"${said.split('').map(escape).join('')}"}`;
        const event = JSON.parse(json) as { message: string };
        expect(event.message).toBe(said);
        if (cleaned(event, [key, awkward]) !== event) expect(mayHold(json, [key, awkward])).toBe(true);
      }),
    );
  });

  test('is not looked through where its text holds no part of a secret', () => {
    expect(mayHold(JSON.stringify(value('none')), [key, awkward])).toBe(false);
  });

  test('may have a key that objects have a meaning for', () => {
    const clean: unknown = cleaned(JSON.parse(`{ "__proto__": "${key}" }`) as unknown, [key]);
    expect(JSON.stringify(clean)).toBe('{"__proto__":"[hidden]"}');
  });
});
