import type { Faults } from './faults.js';
import { refusedStatuses } from './faults.js';
import type { Greeting, Utterance } from './input.js';
import type { Latency, ServerOptions } from './options.js';
import type { Reply } from './reply.js';
import { nothing, nullable as orNull, type Rule } from './schema.js';

export const anything: Rule = { is: 'anything' };
export const text: Rule = { is: 'string' };
const yesNo: Rule = { is: 'boolean' };
const count: Rule = { is: 'number', from: 0 };
export const milliseconds: Rule = { is: 'number', from: 0 };

export const oneOf = (...values: (string | number)[]): Rule => ({ is: 'one-of', values });
export const object = (keys: Readonly<Record<string, Rule>>, ...required: string[]): Rule => ({
  is: 'object',
  keys,
  required,
});
export const list = (of: Rule): Rule => ({ is: 'list', of });

export const nth: Rule = { is: 'number', from: 1, whole: true };
const refusal = oneOf(
  ...[3000, 4000, 'invalid_api_key', 'insufficient_permissions', 'missing_model', 'invalid_model', 'invalid_intent'],
  ...['beta_api_shape_disabled', 'insufficient_quota', ...refusedStatuses.map((status) => `http${status}`)],
);
const nextRefused = object({ next: nth, by: refusal, afterMs: milliseconds }, 'next', 'by');

const kinds = ['user', 'assistant', 'system', 'function_call', 'function_call_output'];

/** Ways to misbehave. */
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
export const faults = object(faultRules);

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
const replyKeys = {
  items: list(item),
  status: oneOf('completed', 'failed', 'incomplete'),
  code: text,
  message: text,
  reason: oneOf('max_output_tokens', 'content_filter'),
  lane: oneOf('default', 'out-of-band'),
  reasoningTokens: { is: 'number', from: 0, whole: true },
  afterMs: milliseconds,
} as const satisfies Readonly<Record<keyof Reply, Rule>>;
export const reply = object(replyKeys, 'items');
const { items: _, ...otherReplyKeys } = replyKeys;
export const replyOptions = object(otherReplyKeys);

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

/** The options of the server, but for its faults. */
const serverRules = {
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
} satisfies Readonly<Record<Exclude<keyof ServerOptions, 'faults'>, Rule>>;
/** A script has its faults beside them. */
export const server = object(serverRules);

/** All options of the server, and whatever else stands beside them. */
export const serverAnd = (others: Readonly<Record<string, Rule>>): Rule =>
  object({ ...serverRules, faults, ...others });

export const hosted = object({
  tools: list(object({ name: text, description: text, parameters: anything }, 'name')),
  state: oneOf('reachable', 'unreachable'),
  tookMs: milliseconds,
});

export const transcript = object(
  { deltas: list(object({ at: milliseconds, text }, 'at', 'text')), doneAt: milliseconds },
  'deltas',
  'doneAt',
);

/** What a client says of itself when it connects. */
export const greeting = object({
  model: text,
  callId: text,
  intent: text,
  session: anything,
  apiKey: text,
  ephemeral: oneOf('valid', 'expired'),
  beta: yesNo,
  turnedAway: anything,
} satisfies Readonly<Record<Exclude<keyof Greeting, 'connection'>, Rule>>);

export const speech = object({
  ms: milliseconds,
  audioMs: milliseconds,
  afterMs: milliseconds,
  transcript,
  transcriptionFails: text,
} satisfies Readonly<Record<Exclude<keyof Utterance, 'says'>, Rule>>);
