import { clientEvents } from './server/client-events.js';
import { refusedStatuses } from './server/faults.js';
import type { Faults, Latency, Reply, ServerOptions } from './server/index.js';
import type { Rule } from './server/schema.js';
import { nothing, nullable as orNull } from './server/schema.js';

const anything: Rule = { is: 'anything' };
const text: Rule = { is: 'string' };
const yesNo: Rule = { is: 'boolean' };
const count: Rule = { is: 'number', from: 0 };
const milliseconds: Rule = { is: 'number', from: 0 };

const oneOf = (...values: (string | number)[]): Rule => ({ is: 'one-of', values });
const object = (keys: Readonly<Record<string, Rule>>, ...required: string[]): Rule => ({
  is: 'object',
  keys,
  required,
});
const list = (of: Rule): Rule => ({ is: 'list', of });

const nth: Rule = { is: 'number', from: 1, whole: true };
const refusal = oneOf(
  ...[3000, 4000, 'invalid_api_key', 'insufficient_permissions', 'missing_model', 'invalid_model', 'invalid_intent'],
  ...['beta_api_shape_disabled', 'insufficient_quota', ...refusedStatuses.map((status) => `http${status}`)],
);
const nextRefused = object({ next: nth, by: refusal, afterMs: milliseconds }, 'next', 'by');

const kinds = ['user', 'assistant', 'system', 'function_call', 'function_call_output'];

const faultRules = {
  conflictErrorBeforeCreated: yesNo,
  lateDone: milliseconds,
  dropCreated: yesNo,
  stragglersAfterCancel: count,
  cancelHitsNext: yesNo,
  errorWithoutEventId: yesNo,
  rateLimits: oneOf('after', 'before', 'never'),
  vadWhileActive: oneOf('skip', 'queue'),
  transcriptionDelay: orNull(milliseconds),
  transcriptionReorder: yesNo,
  multiItem: yesNo,
  audioBurstFactor: { is: 'number', from: 0.01 },
  failCode: orNull(text),
  writtenAnswers: oneOf('none', 'after-text', 'all'),
  expiry: oneOf('errorFirst', 'closeFirst', 'closeOnly'),
  hangup: oneOf(1000, 'noCloseFrame'),
  refusal: { is: 'either', rules: [nothing, nextRefused, refusal] },
  semanticBurst: nth,
  noPing: yesNo,
  die1006: orNull(milliseconds),
  dieAtFrame: orNull(nth),
  badUpdate: orNull(object({ nth, is: oneOf('unanswered', 'misconfirmed') }, 'nth', 'is')),
  refusedItems: orNull(object({ kind: oneOf(...kinds), error: oneOf('named', 'unnamed') }, 'kind')),
  preCreated: oneOf('createdThenDone', 'swallow', 'runs'),
  contextAt: oneOf('claim', 'created'),
  cancelBeforeCreated: oneOf('error', 'silent'),
  cancelTail: oneOf('full', 'doneOnly'),
  itemDoneWhenCut: oneOf('sent', 'omitted'),
  outOfBandItems: oneOf('silent', 'announced'),
  cancelledUsage: oneOf('zero', 'input'),
  maxOutOfBand: orNull(count),
  maxConnections: orNull(count),
  unknownToolChoice: oneOf('refused', 'accepted'),
  toolNames: oneOf('unique', 'any'),
  duplicateLabels: oneOf('refused', 'accepted'),
  unknownTranscription: oneOf('refused', 'fails', 'accepted'),
  unpublishedTokenLimit: { is: 'number', from: 1, whole: true },
  serverUrlEcho: oneOf('whole', 'redacted'),
  transcriptionSessions: oneOf('played', 'refused'),
  idleTimeouts: oneOf('repeated', 'once'),
  secondToolOutput: oneOf('accepted', 'refused'),
  quotaCloseCode: { is: 'number', from: 1000, to: 4999, whole: true },
  idleCloseMs: orNull(milliseconds),
} satisfies Readonly<Record<keyof Faults, Rule>>;
const faults = object(faultRules);

const piece = object({ at: milliseconds, text, audioMs: milliseconds });
const item = object({
  says: text,
  ms: milliseconds,
  partAfterMs: milliseconds,
  modality: oneOf('text'),
  phase: oneOf('commentary', 'final_answer'),
  calls: text,
  args: text,
  mcp: text,
  name: text,
  output: text,
  error: text,
  tookMs: milliseconds,
  approval: oneOf('required'),
  pieces: list(piece),
});
const replyKeys: Readonly<Record<keyof Reply, Rule>> = {
  items: list(item),
  status: oneOf('completed', 'failed', 'incomplete'),
  code: text,
  message: text,
  reason: oneOf('max_output_tokens', 'content_filter'),
  lane: oneOf('default', 'out-of-band'),
  reasoningTokens: { is: 'number', from: 0, whole: true },
  afterMs: milliseconds,
};
const reply = object(replyKeys, 'items');
const replyOptions = Object.fromEntries(Object.entries(replyKeys).filter(([key]) => key !== 'items'));

const latencyRules = {
  connect: milliseconds,
  update: milliseconds,
  item: milliseconds,
  acknowledge: milliseconds,
  create: milliseconds,
  automatic: milliseconds,
  firstItem: milliseconds,
  done: milliseconds,
  rateLimits: milliseconds,
  transcription: milliseconds,
} satisfies Readonly<Record<keyof Latency, Rule>>;

/** The server options that a script may set. */
const server = object({
  seed: count,
  model: text,
  media: oneOf('websocket', 'webrtc'),
  apiKeys: orNull(list(text)),
  latency: object(latencyRules),
  speed: { is: 'number', from: 0.01 },
  msPerCharacter: milliseconds,
  audio: oneOf('tone', 'silence', 'tiny'),
  audioDeltaMs: { is: 'number', from: 1 },
  lifetimeMs: orNull(milliseconds),
  pingEveryMs: orNull({ is: 'number', from: 1 }),
  unixSecondsAtZero: count,
  dialect: oneOf('openai', 'azure'),
} satisfies Readonly<Record<Exclude<keyof ServerOptions, 'faults'>, Rule>>);

const hosted = object({
  tools: list(object({ name: text, description: text, parameters: anything }, 'name')),
  state: oneOf('reachable', 'unreachable'),
  tookMs: milliseconds,
});

const transcript = object(
  { deltas: list(object({ at: milliseconds, text }, 'at', 'text')), doneAt: milliseconds },
  'deltas',
  'doneAt',
);

/** The actions; a step has exactly one. */
const actions = {
  caller: text,
  speech: oneOf('begins', 'ends'),
  presses: text,
  says: text,
  calls: text,
  replies: reply,
  fails: text,
  hosts: text,
  faults,
  injects: anything,
  session: oneOf('expire', 'hang-up', 'die', 'stall'),
};

export const stepActions = Object.keys(actions) as readonly (keyof typeof actions)[];

/** The keys allowed beside an action, besides those that say when it happens. */
export const besideAction: Readonly<Record<keyof typeof actions, readonly string[]>> = {
  caller: ['ms', 'audioMs', 'transcript', 'transcriptionFails'],
  speech: ['text'],
  presses: [],
  says: ['ms', 'modality', 'options'],
  calls: ['args', 'options'],
  replies: [],
  fails: ['message'],
  hosts: ['hosted'],
  faults: [],
  injects: [],
  session: [],
};

export const whenKeys: readonly string[] = ['on', 'nth', 'afterMs'];

/** The values of `on`: server events, client events, and `connect`. */
const moments = [
  'connect',
  'error',
  ...['created', 'updated'].map((each) => `session.${each}`),
  ...['added', 'done', 'retrieved', 'deleted', 'truncated'].map((each) => `conversation.item.${each}`),
  ...['delta', 'segment', 'completed', 'failed'].map((each) => `conversation.item.input_audio_transcription.${each}`),
  ...['speech_started', 'speech_stopped', 'committed', 'cleared', 'timeout_triggered', 'dtmf_event_received'].map(
    (each) => `input_audio_buffer.${each}`,
  ),
  ...['started', 'stopped', 'cleared'].map((each) => `output_audio_buffer.${each}`),
  ...['created', 'done', 'output_item.added', 'output_item.done', 'content_part.added', 'content_part.done'].map(
    (each) => `response.${each}`,
  ),
  ...['in_progress', 'completed', 'failed'].map((each) => `response.mcp_call.${each}`),
  ...[
    'output_text',
    'output_audio',
    'output_audio_transcript',
    'function_call_arguments',
    'mcp_call_arguments',
  ].flatMap((each) => [`response.${each}.delta`, `response.${each}.done`]),
  'rate_limits.updated',
  ...['in_progress', 'completed', 'failed'].map((each) => `mcp_list_tools.${each}`),
  ...Object.keys(clientEvents),
];

const step = object({
  on: oneOf(...moments),
  nth,
  afterMs: milliseconds,
  ms: milliseconds,
  text,
  modality: oneOf('text'),
  args: anything,
  audioMs: milliseconds,
  transcript,
  transcriptionFails: text,
  options: object(replyOptions),
  message: text,
  hosted,
  ...actions,
});

export const scriptRule: Rule = object({ server, faults, steps: list(step) });
