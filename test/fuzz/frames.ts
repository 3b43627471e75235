import type { Random } from './random.js';

export type Json = Record<string, unknown>;

/** What a hostile server has read of our frames: it may repeat any of it. */
export interface Overheard {
  readonly tokens: readonly string[];
  readonly eventIds: readonly string[];
  readonly itemIds: readonly string[];
  /** How many frames the server has sent; its subjects change with time. */
  readonly age: number;
}

/** An id: one seen before, one of the few in current use, or a new one. */
function someId(prefix: string, random: Random, heard: Overheard, seen: readonly string[] = []): string {
  if (seen.length > 0 && random.happens(0.5)) return random.pick(seen);
  if (random.happens(0.05)) return `${prefix}_${random.below(1e9)}`;
  return `${prefix}_${Math.floor(heard.age / 12) + random.below(6)}`;
}

const codes = [
  'conversation_already_has_active_response',
  'response_cancel_not_active',
  'item_truncate_invalid_item_id',
  'invalid_value',
  'rate_limit_exceeded',
  null,
];
const statuses = ['in_progress', 'completed', 'cancelled', 'incomplete', 'failed', 'unheard-of'];

function aResponse(random: Random, heard: Overheard): Json {
  const token = heard.tokens.length > 0 && random.happens(0.6) ? random.pick(heard.tokens) : 'forged_1';
  return {
    object: 'realtime.response',
    id: someId('resp', random, heard),
    status: random.pick(statuses),
    status_details: random.happens(0.5) ? null : { type: 'cancelled', reason: 'turn_detected', error: { code: 'x' } },
    output: [anItem(random, heard)],
    conversation_id: random.happens(0.2) ? null : 'conv_1',
    metadata: random.happens(0.4) ? null : { gated_token: token, gated_purpose: 'greeting', gated_override: 'loop' },
    usage: { total_tokens: 12, input_tokens: 5, output_tokens: 7 },
  };
}

function anItem(random: Random, heard: Overheard): Json {
  const id = someId('item', random, heard, heard.itemIds);
  if (random.happens(0.3)) {
    const args = random.pick(['{"city":"Bern"}', '{', '', '[1]', '"text"']);
    const call = { call_id: someId('call', random, heard), name: random.pick(['look_up', 'unknown']), arguments: args };
    return { id, type: 'function_call', status: random.pick(['completed', 'incomplete']), ...call };
  }
  const content = [
    { type: 'output_audio', transcript: 'Yes.' },
    { type: 'output_text', text: 'No.' },
  ];
  return { id, type: 'message', role: random.pick(['user', 'assistant']), status: 'completed', content };
}

const anError = (random: Random, heard: Overheard): Json => ({
  type: 'invalid_request_error',
  code: random.happens(0.01) ? 'session_expired' : random.pick(codes),
  message: random.pick(['Active response in progress: resp_3. Wait until it is finished.', 'No.', '']),
  param: null,
  event_id: random.happens(0.6) && heard.eventIds.length > 0 ? random.pick(heard.eventIds) : null,
});

const detection = (random: Random): unknown =>
  random.pick([null, { type: 'server_vad', create_response: true }, { type: 'server_vad', create_response: false }]);

/** A session that nobody requested. */
const aSession = (random: Random): Json => ({
  type: 'realtime',
  id: 'sess_1',
  model: 'gpt-realtime',
  instructions: random.pick(['', 'A persona of the server’s own.', 'Be brief.']),
  output_modalities: ['audio'],
  audio: { input: { turn_detection: detection(random) }, output: { voice: 'alloy' } },
});

const ofResponse = (random: Random, heard: Overheard): Json => ({
  response_id: someId('resp', random, heard),
  item_id: someId('item', random, heard, heard.itemIds),
  output_index: 0,
  content_index: 0,
});

type Maker = (random: Random, heard: Overheard) => Json;
const makers: readonly (readonly [type: string, make: Maker])[] = [
  ['session.created', (random) => ({ session: aSession(random) })],
  ['session.updated', (random) => ({ session: aSession(random) })],
  ['session.updated', (random) => ({ session: aSession(random) })],
  [
    'input_audio_buffer.speech_started',
    (random, heard) => ({ audio_start_ms: 1, item_id: someId('item', random, heard, heard.itemIds) }),
  ],
  [
    'input_audio_buffer.speech_stopped',
    (random, heard) => ({ audio_end_ms: 9, item_id: someId('item', random, heard, heard.itemIds) }),
  ],
  ['input_audio_buffer.timeout_triggered', (random, heard) => ({ item_id: someId('item', random, heard) })],
  [
    'input_audio_buffer.committed',
    (random, heard) => ({ previous_item_id: null, item_id: someId('item', random, heard, heard.itemIds) }),
  ],
  ['input_audio_buffer.cleared', () => ({})],
  ['conversation.item.added', (random, heard) => ({ previous_item_id: null, item: anItem(random, heard) })],
  ['conversation.item.done', (random, heard) => ({ item: anItem(random, heard) })],
  [
    'conversation.item.input_audio_transcription.completed',
    (random, heard) => ({ item_id: someId('item', random, heard), transcript: 'So.' }),
  ],
  [
    'conversation.item.input_audio_transcription.failed',
    (random, heard) => ({ item_id: someId('item', random, heard), error: {} }),
  ],
  ['response.created', (random, heard) => ({ response: aResponse(random, heard) })],
  ['response.created', (random, heard) => ({ response: aResponse(random, heard) })],
  ['response.done', (random, heard) => ({ response: aResponse(random, heard) })],
  ['response.done', (random, heard) => ({ response: aResponse(random, heard) })],
  ['response.output_item.added', (random, heard) => ({ ...ofResponse(random, heard), item: anItem(random, heard) })],
  ['response.output_item.done', (random, heard) => ({ ...ofResponse(random, heard), item: anItem(random, heard) })],
  [
    'response.output_audio.delta',
    (random, heard) => ({ ...ofResponse(random, heard), delta: 'AAECAwQF'.repeat(random.below(120)) }),
  ],
  ['response.output_audio_transcript.delta', (random, heard) => ({ ...ofResponse(random, heard), delta: 'Yes' })],
  ['response.output_text.delta', (random, heard) => ({ ...ofResponse(random, heard), delta: 'No' })],
  ['output_audio_buffer.stopped', (random, heard) => ({ response_id: someId('resp', random, heard) })],
  ['rate_limits.updated', () => ({ rate_limits: [{ name: 'tokens', limit: 1, remaining: 0, reset_seconds: 1 }] })],
  ['error', (random, heard) => ({ error: anError(random, heard) })],
  ['error', (random, heard) => ({ error: anError(random, heard) })],
];

/** Names that no server event has: ours, JavaScript's, and invented ones. */
const strangeTypes = [
  'audio',
  'fault',
  'event',
  'response',
  'verdict',
  '__proto__',
  'constructor',
  'toString',
  'then',
  '',
  'x.y',
];

/** A well-formed server event, although it may be unexpected. */
export function anEvent(random: Random, heard: Overheard): Json {
  const [type, make] = random.pick(makers);
  return { type, event_id: someId('event', random, heard), ...make(random, heard) };
}

/** A value of the wrong kind, as JSON text, because some cannot be written as an object. */
function oddity(random: Random): string {
  if (random.happens(0.01)) return `"${'long '.repeat(20_000)}"`;
  if (random.happens(0.05)) return nested(random.pick(['[]', '{"a":}']), 10_000);
  return random.pick([
    ...[
      'null',
      'true',
      '0',
      '-1',
      '1e999',
      '""',
      '"resp_1"',
      '"\\u0000"',
      '"\\ud800"',
      '[]',
      '{}',
      '[[null]]',
      '"__proto__"',
    ],
    ...[
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"id":1}',
      '{"length":-1}',
    ],
  ]);
}

const nested = (shell: string, depth: number): string => {
  const middle = shell.length - 1;
  return `${shell.slice(0, middle).repeat(depth)}null${shell.slice(middle).repeat(depth)}`;
};

/** A placeholder in an object for such text. */
const RAW = '\u0001raw\u0001';

type Mutation = (event: Json, random: Random) => string;

/** Removes or replaces some part, at any depth. */
const disturb: Mutation = (event, random) => {
  const places = placesIn(event);
  const [holder, key] = random.pick(places);
  if (random.happens(0.3)) Reflect.deleteProperty(holder, key);
  else (holder as Json)[key] = RAW;
  return JSON.stringify(event).replace(JSON.stringify(RAW), () => oddity(random));
};

function placesIn(value: object): readonly (readonly [holder: object, key: string])[] {
  return Object.entries(value).flatMap(([key, inner]) => [
    [value, key] as const,
    ...(typeof inner === 'object' && inner !== null ? placesIn(inner as object) : []),
  ]);
}

const addKey: Mutation = (event, random) => {
  const key = random.pick([
    '__proto__',
    'constructor',
    'type',
    'response_id',
    'item_id',
    'delta',
    'response',
    'session',
  ]);
  const value = random.happens(0.5) ? oddity(random) : JSON.stringify(random.pick(Object.values(event)));
  const text = JSON.stringify(event);
  return random.happens(0.5) ? `{"${key}":${value},${text.slice(1)}` : `${text.slice(0, -1)},"${key}":${value}}`;
};

const retype: Mutation = (event, random) =>
  JSON.stringify({ ...event, type: random.happens(0.5) ? random.pick(strangeTypes) : random.pick(makers)[0] });

const truncate: Mutation = (event, random) => {
  const text = JSON.stringify(event);
  return text.slice(0, random.below(text.length));
};

const scribble: Mutation = (event, random) => {
  const text = JSON.stringify(event);
  const at = random.below(text.length);
  return `${text.slice(0, at)}${random.pick(['"', '\\', '{', '}', ',', '\u0000', '😀', ' '])}${text.slice(at + random.below(3))}`;
};

const wrap: Mutation = (event, random) =>
  `${random.pick(['[', '{"type":"event","event":', '"'])}${JSON.stringify(event)}]`;
const replace: Mutation = (_event, random) => oddity(random);
const keep: Mutation = (event) => JSON.stringify(event);

const mutations = [
  keep,
  keep,
  keep,
  disturb,
  disturb,
  disturb,
  disturb,
  addKey,
  retype,
  truncate,
  scribble,
  wrap,
  replace,
];

/** A frame that a broken or hostile server could send: text, or bytes that need not be text. */
export function aFrame(random: Random, heard: Overheard): string | Uint8Array {
  const text = random.pick(mutations)(anEvent(random, heard), random);
  if (random.happens(0.9)) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 0 && random.happens(0.5)) bytes[random.below(bytes.length)] = 128 + random.below(128);
  return bytes;
}
