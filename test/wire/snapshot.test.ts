import { describe, expect, test } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import { encode, snapshot } from '../../src/wire/index.js';

const commit = 'input_audio_buffer.commit';
const gated = ['response.create', 'response.cancel', 'session.update'] as const;

/** An object with one type when first read, and another afterwards. */
function turncoat(first: string, later: string): object {
  let reads = 0;
  return { get type() { return reads++ === 0 ? first : later; } }; // prettier-ignore
}

describe('a snapshot', () => {
  test('is a plain copy: later changes to the original do not reach it', () => {
    const event = { type: 'conversation.item.create', item: { role: 'user', content: [{ text: 'Hello.' }] } };
    const copy = snapshot(event);
    event.item.content[0]!.text = 'Changed.';
    expect(copy).toStrictEqual({ type: event.type, item: { role: 'user', content: [{ text: 'Hello.' }] } });
  });

  test('is the sender’s to stamp', () => {
    const copy = snapshot(Object.freeze({ type: commit }));
    copy['event_id'] = 'event_1';
    expect(encode(copy)).toBe(`{"type":"${commit}","event_id":"event_1"}`);
  });

  test('leaves out what JSON leaves out', () => {
    const event = { type: commit, event_id: undefined, run: () => 1, tag: Symbol('tag'), kept: null };
    expect(snapshot(event)).toStrictEqual({ type: commit, kept: null });
  });

  test('reads a getter once: what is checked is what is sent', () => {
    expect(encode(snapshot(turncoat(commit, 'response.create')))).toBe(`{"type":"${commit}"}`);
  });

  test('asks toJSON once: what is checked is what is sent', () => {
    let asked = 0;
    const event = { toJSON: () => ({ type: asked++ === 0 ? commit : 'response.create' }) };
    expect(encode(snapshot(event))).toBe(`{"type":"${commit}"}`);
  });

  test('keeps a __proto__ key as data, and no type comes from it', () => {
    const event: unknown = JSON.parse('{"__proto__":{"type":"response.create"},"type":"input_audio_buffer.clear"}');
    expect(encode(snapshot(event))).toBe('{"__proto__":{"type":"response.create"},"type":"input_audio_buffer.clear"}');
    expect(() => snapshot(JSON.parse('{"__proto__":{"type":"input_audio_buffer.clear"}}'))).toThrow(MisuseError);
  });
});

describe.each(gated)('%s is refused', (type) => {
  test.each([
    ['written plainly', { type }],
    ['behind a getter', { get type() { return type; } }], // prettier-ignore
    ['behind a getter that lies at first', proxied(turncoat(commit, type))],
    ['by toJSON', { type: commit, toJSON: () => ({ type }) }],
    ['by toJSON of the type itself', { type: { toJSON: () => type } }],
    ['as a String object', { type: new String(type) }],
    ['behind a proxy', new Proxy({ type: commit }, { get: (_, name) => (name === 'type' ? type : undefined) })],
    ['as a class instance', new (class { readonly type = type })()], // prettier-ignore
  ])('%s', (_, event) => {
    expect(() => snapshot(event)).toThrow(MisuseError);
    expect(() => snapshot(event)).toThrow(/use (session\.respond|handle\.cancel|session\.update)\(\)/);
  });
});

/** A proxy whose type has been read once before, as by a check before sending. */
function proxied(event: object): object {
  return new Proxy(event, {
    ownKeys(target) {
      Reflect.get(target, 'type');
      return Reflect.ownKeys(target);
    },
  });
}

test('a type that only a prototype has is no type', () => {
  expect(() => snapshot(Object.create({ type: commit }))).toThrow(MisuseError);
});

const cycle: Record<string, unknown> = { type: commit };
cycle['self'] = cycle;
const revoked = Proxy.revocable({ type: commit }, {});
revoked.revoke();
const deep = { type: commit, deep: JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown };

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', '{"type":"input_audio_buffer.clear"}'],
  ['a number', 5],
  ['a list', [{ type: commit }]],
  ['a function', () => ({ type: commit })],
  ['a symbol', Symbol('event')],
  ['a toJSON that gives nothing', { type: commit, toJSON: () => undefined }],
  ['an object without a type', { event_id: 'event_1' }],
  ['a type that is no string', { type: 7 }],
  ['a cycle', cycle],
  ['a BigInt', { type: commit, size: 1n }],
  ['a getter that throws', { get type(): string { throw new Error('no'); } }], // prettier-ignore
  ['a revoked proxy', revoked.proxy],
  ['what is nested too deep to write', deep],
])('refuses %s', (_, event) => {
  expect(() => snapshot(event)).toThrow(MisuseError);
});
