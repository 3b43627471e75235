import fc from 'fast-check';

/** An audio delta as the server writes it: these keys, in this order, no blank between them. */
export const audioFields = (delta: string) => ({
  type: 'response.output_audio.delta',
  event_id: 'event_E6U0x5zQRGJVzr6MR41ud',
  response_id: 'resp_E6U0xfWhN878XBMhc0LKn',
  item_id: 'item_E6U0xWSFIFri2uw2kTLLq',
  output_index: 0,
  content_index: 0,
  delta,
});

export const audioFrame = (bytes: number): string =>
  JSON.stringify(audioFields(Buffer.alloc(bytes, 'a sound').toString('base64')));

export const isStandardBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);

const base64 = fc.uint8Array({ minLength: 0, maxLength: 900 }).map((bytes) => Buffer.from(bytes).toString('base64'));

const almostBase64 = fc
  .tuple(
    base64,
    fc.nat(),
    fc.constantFrom('=', '-', '_', '"', '\\', '\\/', '\\u0041', ' ', '\n', '\u0000', 'é', '€', '😀'),
  )
  .map(([text, at, intruder]) => insert(text, at, intruder));

const types = fc.constantFrom(
  'response.output_audio.delta',
  'response.output_audio.delta',
  'response.output_audio_transcript.delta',
  'response.output_text.delta',
  'response.done',
);
const deltas = fc.oneof(
  base64,
  almostBase64,
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 8 }),
);
const oddValue = fc.oneof(fc.jsonValue(), fc.nat(40), fc.constantFrom('item_1', 'item-1', '', '\u2028', 'ünïcödé'));
const oddName = fc.constantFrom(
  'type',
  'event_id',
  'item_id',
  'output_index',
  'delta',
  'obfuscation',
  '__proto__',
  'part',
  'a"b',
);

type Field = readonly [name: string, value: unknown];
const seldom = <Value>(arbitrary: fc.Arbitrary<Value>, otherwise: Value): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });

/** The fields of a delta; sometimes one more, before or after, one less, one twice, one of another type, or shuffled. */
const fields: fc.Arbitrary<readonly Field[]> = fc
  .record({
    type: types,
    delta: deltas,
    before: seldom(
      fc.tuple(oddName, oddValue).map((field): Field[] => [field]),
      [],
    ),
    after: seldom(
      fc.tuple(oddName, oddValue).map((field): Field[] => [field]),
      [],
    ),
    obfuscation: fc.constantFrom<Field[]>([], [['obfuscation', 'aK29']]),
    without: seldom<string>(oddName, 'nothing'),
    changed: seldom<Field>(fc.tuple(oddName, oddValue), ['nothing', null]),
    shuffled: seldom<Iterator<number> | null>(fc.infiniteStream(fc.nat(6)), null),
  })
  .map(({ type, delta, before, after, obfuscation, without, changed, shuffled }) => {
    const known = Object.entries<unknown>({ ...audioFields(delta), type })
      .filter(([name]) => name !== without)
      .map(([name, value]): Field => (name === changed[0] ? [name, changed[1]] : [name, value]));
    const all = [...before, ...known, ...obfuscation, ...after];
    return shuffled ? all.sort(() => (shuffled.next().value ?? 0) - 3) : all;
  });

const blanks = seldom(fc.constantFrom(' ', '\n', '\t  '), '');

/** A frame like a delta of text or audio: exactly it, nearly it, or broken. */
export const nearlyDeltas: fc.Arbitrary<string> = fc
  .tuple(
    fields,
    blanks,
    fc.array(fc.tuple(fc.constantFrom('insert', 'remove', 'truncate', 'repeat'), fc.nat(), mutationText()), {
      maxLength: 1,
    }),
  )
  .map(([entries, blank, mutations]) => mutations.reduce(mutate, written(entries, blank)));

function mutationText(): fc.Arbitrary<string> {
  return fc.constantFrom(
    '"',
    '\\',
    '{',
    '}',
    ',',
    ':',
    '"}',
    ',"delta":"',
    '"delta":"AAAA"',
    '\u0000',
    'é',
    '\ud800',
    ' ',
  );
}

const written = (entries: readonly Field[], blank: string): string =>
  `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${blank}${raw(value)}`).join(`,${blank}`)}}`;

/** Base64 with an intruder goes in as it is, so that escapes and stray quotes are really there. */
const raw = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : JSON.stringify(value));

type Mutation = readonly ['insert' | 'remove' | 'truncate' | 'repeat', number, string];

function mutate(frame: string, [kind, at, text]: Mutation): string {
  const place = at % (frame.length + 1);
  if (kind === 'insert') return insert(frame, at, text);
  if (kind === 'remove') return frame.slice(0, place) + frame.slice(place + 1);
  if (kind === 'truncate') return frame.slice(0, place);
  return frame.slice(0, place) + frame.slice(Math.max(0, place - 40));
}

const insert = (text: string, at: number, intruder: string): string => {
  const place = at % (text.length + 1);
  return text.slice(0, place) + intruder + text.slice(place);
};
