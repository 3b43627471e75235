import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { decode, type Decoded, Decoder } from '../../src/wire/index.js';
import { audioFields, audioFrame, isStandardBase64, nearlyDeltas } from './frames.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The expected result of decoding, by parsing the whole frame. */
function byParsing(frame: string): Decoded {
  let event: unknown;
  try {
    event = JSON.parse(frame);
  } catch {
    return { kind: 'unreadable', reason: 'not-json' };
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return { kind: 'unreadable', reason: 'not-an-object' };
  }
  const fields = event as Record<string, unknown> & { type: string };
  if (typeof fields.type !== 'string') return { kind: 'unreadable', reason: 'no-type' };
  const { item_id: item, delta } = fields as { item_id?: unknown; delta?: unknown };
  const isAudio = fields.type === 'response.output_audio.delta' && typeof item === 'string';
  if (!isAudio || typeof delta !== 'string' || !isStandardBase64(delta)) return { kind: 'event', event: fields };
  return { kind: 'audio', event: fields as never, bytes: Buffer.from(delta, 'base64') };
}

afterEach(() => {
  vi.restoreAllMocks();
});

const deltaFirst = ({ delta, ...rest }: ReturnType<typeof audioFields>) => ({ delta, ...rest });

describe('a frame that is an event', () => {
  test('comes through untouched, whether its type is known or not', () => {
    const event = { type: 'response.of_tomorrow', nested: { list: [1, null, 'ä'] }, flag: false };
    expect(decode(JSON.stringify(event))).toStrictEqual({ kind: 'event', event });
  });

  test('is the same as text and as UTF-8 bytes', () => {
    const event = { type: 'response.output_text.delta', delta: 'naïve – 日本語 😀' };
    expect(decode(utf8(JSON.stringify(event)))).toStrictEqual({ kind: 'event', event });
    expect(decode(Buffer.from(JSON.stringify(event)))).toStrictEqual({ kind: 'event', event });
  });

  test('may be a view into a larger buffer', () => {
    const inside = utf8(`xx${JSON.stringify({ type: 'a' })}yy`).subarray(2, -2);
    expect(decode(inside)).toStrictEqual({ kind: 'event', event: { type: 'a' } });
  });

  test('keeps a __proto__ key as its own harmless data', () => {
    const decoded = decode('{"type":"a","__proto__":{"polluted":true}}');
    expect(decoded.kind === 'event' && Object.getOwnPropertyDescriptor(decoded.event, '__proto__')?.value).toEqual({
      polluted: true,
    });
    expect(decoded.kind === 'event' && decoded.event['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('keeps a __proto__ key harmless in the audio lane too', () => {
    const frame = audioFrame(900).replace('"output_index":0', '"__proto__":{"polluted":true}');
    const decoded = decode(frame);
    expect(decoded).toMatchObject({ kind: 'audio' });
    expect(decoded.kind === 'audio' && decoded.event['polluted']).toBeUndefined();
  });

  test('may be nested as deep as it likes', () => {
    const depth = 200_000;
    expect(decode(`{"type":"a","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toMatchObject({ kind: 'event' });
  });

  test('may be larger than a mebibyte', () => {
    const text = 'x'.repeat(3_400_000);
    expect(decode(utf8(JSON.stringify({ type: 'conversation.item.retrieved', text })))).toStrictEqual({
      kind: 'event',
      event: { type: 'conversation.item.retrieved', text },
    });
  });
});

describe('a frame that is no event', () => {
  test.each([
    ['an empty one', '', 'not-json'],
    ['truncated JSON', '{"type":"response.done","resp', 'not-json'],
    ['a truncated audio delta', audioFrame(2_000).slice(0, -300), 'not-json'],
    ['JSON and more', '{"type":"a"} {"type":"b"}', 'not-json'],
    ['a byte order mark', '\ufeff{"type":"a"}', 'not-json'],
    ['a number', '42', 'not-an-object'],
    ['null', 'null', 'not-an-object'],
    ['a list', '[{"type":"a"}]', 'not-an-object'],
    ['an object without a type', '{"event_id":"event_1"}', 'no-type'],
    ['a type that is no string', '{"type":["response.done"]}', 'no-type'],
    ['a type that only its prototype would have', '{"__proto__":{"type":"response.done"}}', 'no-type'],
  ])('is unreadable as data: %s', (_, frame, reason) => {
    expect(decode(frame)).toStrictEqual({ kind: 'unreadable', reason });
    expect(decode(utf8(frame))).toStrictEqual({ kind: 'unreadable', reason });
  });

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 2_000 }), fc.string({ unit: 'binary', maxLength: 2_000 })),
        (frame) => {
          expect(['event', 'audio', 'unreadable']).toContain(decode(frame).kind);
        },
      ),
    );
  });

  test('never throws, whatever a transport hands over', () => {
    for (const frame of [undefined, null, 7, {}, new ArrayBuffer(4)]) {
      expect(decode(frame as never)).toMatchObject({ kind: 'unreadable' });
    }
  });
});

describe('the lane of text', () => {
  const fields = { ...audioFields(' naïve – 日本語 😀 \u2028 {}[]:,'), type: 'response.output_text.delta' };

  test.each([
    ['a text delta', fields],
    ['a transcript delta', { ...fields, type: 'response.output_audio_transcript.delta' }],
    ['an obfuscated one', { ...fields, obfuscation: 'xK29f' }],
    ['an empty one', { ...fields, delta: '' }],
  ])('parses nothing: %s', (_, event) => {
    const frame = JSON.stringify(event);
    const parse = vi.spyOn(JSON, 'parse');
    expect(decode(frame)).toStrictEqual({ kind: 'event', event });
    expect(parse).not.toHaveBeenCalled();
  });

  test('parses nothing: a short audio delta', () => {
    const parse = vi.spyOn(JSON, 'parse');
    expect(decode(JSON.stringify(audioFields('AQID')))).toMatchObject({ kind: 'audio', event: audioFields('AQID') });
    expect(parse).not.toHaveBeenCalled();
  });

  test.each([
    ['audio that is not base64', audioFields('?')],
    ['an escape', { ...fields, delta: 'say "no"' }],
    ['a line break', { ...fields, delta: '\n' }],
    ['another field', { ...fields, logprobs: '' }],
    ['a field less', { ...fields, item_id: undefined }],
    ['an id with other characters', { ...fields, item_id: 'item-1' }],
    ['two digits', { ...fields, output_index: 12 }],
  ])('leaves to the parser what has %s', (_, event) => {
    const frame = JSON.stringify(event);
    const parse = vi.spyOn(JSON, 'parse');
    expect(decode(frame)).toStrictEqual({ kind: 'event', event: JSON.parse(frame) as unknown });
    expect(parse).toHaveBeenCalledTimes(2);
  });
});

describe('the lane of audio', () => {
  test('gives the whole event and its decoded bytes', () => {
    const bytes = Buffer.from(Array.from({ length: 2_000 }, (_, index) => index & 255));
    const event = audioFields(bytes.toString('base64'));
    const decoded = decode(JSON.stringify(event));
    expect(decoded).toMatchObject({ kind: 'audio', event });
    expect(decoded.kind === 'audio' && Buffer.compare(decoded.bytes, bytes)).toBe(0);
  });

  test.each([2_000, 12_000])('parses nothing: %i bytes', (size) => {
    const parse = vi.spyOn(JSON, 'parse');
    expect(decode(audioFrame(size))).toMatchObject({ kind: 'audio' });
    expect(parse).not.toHaveBeenCalled();
  });

  test.each([
    ['delta is first', JSON.stringify(deltaFirst(audioFields('QUJD'.repeat(300))))],
    ['a second delta follows', audioFrame(900).replace(/"}$/, '","delta":"QUJD"}')],
    ['a second delta stands before', audioFrame(900).replace('"output_index":0', '"delta":"QUJD"')],
    [
      'delta belongs to a nested object',
      audioFrame(900).replace('"output_index":0', '"part":{"type":"audio","delta":"QUJD"}'),
    ],
    ['base64 is escaped', audioFrame(900).replace('c291', '\\u0063291')],
    ['blanks stand between', JSON.stringify(JSON.parse(audioFrame(900)), null, 1)],
  ])('comes to what parsing comes to when %s', (_, frame) => {
    const expected = byParsing(frame);
    expect(expected.kind).toBe('audio');
    expect(decode(frame)).toEqual(expected);
  });

  test.each([
    ['is not base64', audioFields('!'.repeat(1_000))],
    ['has the alphabet of URLs', audioFields('-_-_'.repeat(300))],
    ['lacks its padding', audioFields('QUJD'.repeat(300) + 'QQ')],
    ['is no string', { ...audioFields(''), delta: 7 }],
    ['belongs to no item', { ...audioFields('QUJD'.repeat(300)), item_id: null }],
    [
      'belongs to another event',
      { ...audioFields('QUJD'.repeat(300)), type: 'response.output_audio_transcript.delta' },
    ],
  ])('leaves it an event without bytes when delta %s', (_, event) => {
    expect(decode(JSON.stringify(event))).toStrictEqual({ kind: 'event', event });
  });
});

test.each(['évent_2', 'event_\u{1f600}', 'event_\u007f'])(
  'a long delta whose event is called %j is read as it is',
  (id) => {
    const decoder = new Decoder();
    decoder.decode(utf8(audioFrame(900)));
    const event = { ...audioFields(Buffer.alloc(900, 'a sound').toString('base64')), event_id: id };
    expect(decoder.decode(utf8(JSON.stringify(event)))).toMatchObject({ kind: 'audio', event });
  },
);

test('either lane always comes to what parsing the whole frame comes to', () => {
  const seen = { audio: 0, event: 0, unreadable: 0 };
  fc.assert(
    fc.property(nearlyDeltas, (frame) => {
      const expected = byParsing(frame);
      seen[expected.kind] += 1;
      assert.deepStrictEqual(decode(frame), expected);
      const wellFormed = Buffer.from(frame).toString();
      assert.deepStrictEqual(decode(utf8(frame)), byParsing(wellFormed));
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(seen.audio, seen.event, seen.unreadable)).toBeGreaterThan(300);
});

test('frames that follow each other on one connection come to what parsing each of them comes to', () => {
  const kinds = { audio: 0, event: 0, unreadable: 0 };
  fc.assert(
    fc.property(fc.array(nearlyDeltas, { minLength: 2, maxLength: 8 }), (frames) => {
      const [decoder, ofBytes] = [new Decoder(), new Decoder()];
      for (const frame of frames) {
        const expected = byParsing(frame);
        kinds[expected.kind] += 1;
        assert.deepStrictEqual(decoder.decode(frame), expected);
        assert.deepStrictEqual(ofBytes.decode(utf8(frame)), byParsing(Buffer.from(frame).toString()));
      }
    }),
    { numRuns: 1_500 },
  );
  expect(Math.min(kinds.audio, kinds.event, kinds.unreadable)).toBeGreaterThan(300);
});

describe('a delta with the head of the one before', () => {
  const fields = { ...audioFields(' one'), type: 'response.output_audio_transcript.delta' };
  const after = (frame: string): Decoded => {
    const decoder = new Decoder();
    decoder.decode(JSON.stringify(fields));
    return decoder.decode(frame);
  };

  test.each([
    ['another id of the event', { ...fields, event_id: 'event_2', delta: ' two' }],
    ['another response', { ...fields, response_id: 'resp_2' }],
    ['another part', { ...fields, content_index: 1 }],
    ['another type', { ...fields, type: 'response.output_text.delta' }],
    ['obfuscation', { ...fields, obfuscation: 'xK29f' }],
    ['an empty delta', { ...fields, delta: '' }],
  ])('parses nothing where it has %s', (_, event) => {
    const frame = JSON.stringify(event);
    const parse = vi.spyOn(JSON, 'parse');
    expect(after(frame)).toStrictEqual({ kind: 'event', event });
    expect(parse).not.toHaveBeenCalled();
  });

  test.each([
    ['an escape in its text', JSON.stringify({ ...fields, delta: 'say "no"' })],
    ['an escape in the id of the event', JSON.stringify(fields).replace('event_', 'event\\u005f')],
    ['a control character', JSON.stringify(fields).replace(' one', '\u0001')],
    ['a second delta', JSON.stringify(fields).replace('"}', '","delta":" two"}')],
    ['an obfuscation that does not end', JSON.stringify(fields).replace('"}', '","obfuscation":"}')],
    ['an end within its text', JSON.stringify(fields).replace(' one"}', 'one')],
    ['more after its end', `${JSON.stringify(fields)}}`],
  ])('comes to what parsing comes to where it has %s', (_, frame) => {
    expect(after(frame)).toStrictEqual(byParsing(frame));
  });
});
