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

const oddValue = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('response.output_audio.delta', 'item_1', '\u2028', 'ünïcödé'),
);

/** Fields in any order, some missing, some of the wrong type, some of other events, some twice. */
const fields = fc
  .tuple(
    fc.oneof(base64, almostBase64),
    fc.array(
      fc.tuple(fc.constantFrom('type', 'item_id', 'delta', '__proto__', 'constructor', 'part', 'a"b'), oddValue),
      {
        maxLength: 2,
      },
    ),
    fc.array(fc.constantFrom<string[]>('event_id', 'item_id', 'output_index', 'delta', 'type'), { maxLength: 1 }),
    fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.infiniteStream(fc.nat(6))),
  )
  .map(([delta, more, missing, order]) => {
    const known = Object.entries<unknown>(audioFields(delta)).filter(([name]) => !missing.includes(name));
    const all = [...more, ...known];
    return order ? all.sort(() => (order.next().value ?? 0) - 3) : all;
  });

const blanks = fc.constantFrom('', '', '', ' ', '\n', '\t  ');

/** A frame like an audio delta: exactly it, nearly it, or broken. */
export const nearlyAudioFrames: fc.Arbitrary<string> = fc
  .tuple(
    fields,
    blanks,
    fc.array(fc.tuple(fc.constantFrom('insert', 'remove', 'truncate', 'repeat'), fc.nat(), mutationText()), {
      maxLength: 2,
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

const written = (entries: readonly (readonly [string, unknown])[], blank: string): string =>
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
