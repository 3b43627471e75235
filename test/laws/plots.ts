/** What scripts refer to by name: limits, latencies, settings, answers, items and forged frames. */
import type { Ask, Policy, Rules, ToolSet } from '../../src/machine/index.js';
import { limits } from '../limits.js';
export { limits };
import { sharedBudget } from '../../src/session/shared-budget.js';
import type { Budget, ReconnectPlan } from '../../types/index.js';
import { noLatency, type Latency, type Reply } from '../../src/simulator/server/index.js';
import {
  toolNames,
  type Act,
  type Answering,
  type Asking,
  type Change,
  type Injected,
  type MachineScene,
  type Scene,
} from './script.js';

export const tight = {
  ...limits,
  held: 2,
  responsesInARow: 2,
  turnMs: 900,
  createdMs: 300,
  responseMs: 700,
  confirmMs: 1_000,
  toolRoundsInARow: 2,
  mcpMs: 500,
};

export const limitsOf = (scene: Scene): Rules['limits'] => (scene.limits === 'tight' ? tight : limits);

export const latencies: Readonly<Record<Scene['latency'], Partial<Latency>>> = {
  none: noLatency,
  brisk: { ...noLatency, update: 5, item: 5, create: 10, firstItem: 20, done: 5, transcription: 100 },
  'as measured': {},
};

const detection = (change: object): object => ({
  audio: { input: { turn_detection: { type: 'server_vad', create_response: true, ...change } } },
});

export const changes: Readonly<Record<Change, object>> = {
  instructions: { instructions: 'Be brief.' },
  rejected: { nonsense: true },
  'rejected without an id': { reasoning: { effort: 'low' }, output_modalities: ['audio', 'text'] },
  secret: { tracing: null, max_output_tokens: 1_000 },
  voice: { audio: { output: { voice: 'cedar' } } },
  'no detection': { audio: { input: { turn_detection: null } } },
  answers: detection({ interrupt_response: true }),
  'no answers': detection({ create_response: false }),
  'no interrupting': detection({ interrupt_response: false }),
  semantic: { audio: { input: { turn_detection: { type: 'semantic_vad' }, transcription: { model: 'whisper-1' } } } },
  idle: detection({ idle_timeout_ms: 1_000 }),
  telephone: { audio: { output: { format: { type: 'audio/pcmu' } } } },
  text: { output_modalities: ['text'] },
  tools: { tools: [] },
};

/** The tools of the first configuration, and of one that keeps only the first tool. */
export const toolSets: Readonly<Record<'all' | 'first', ToolSet>> = {
  all: { generation: 1, functions: toolNames.map((name) => ({ name, timeoutMs: 2_000 })), hosted: ['shop'] },
  first: { generation: 2, functions: [{ name: toolNames[0], timeoutMs: 2_000 }], hosted: [] },
};

const apology = { instructions: 'Apologise.' };
const go = { retries: 1, backoffMs: 200, apology, then: 'go-on' } as const;
const stop = { retries: 1, backoffMs: 200, apology, then: 'hang-up' } as const;
/** The recovery policy: none, a minimal one, or one that ends the call. */
export const policies: Readonly<Record<Scene['recovery'], Policy | null>> = {
  none: null,
  gentle: {
    ...{ 'server-error': go, 'rate-limit': { ...go, retries: 2 }, silent: go, 'max-output-tokens': go },
    ...{ 'content-filter': { ...go, retries: 0, apology: null }, quota: { ...go, retries: 0 }, lost: 'resume' },
  },
  strict: {
    ...{ 'server-error': stop, 'rate-limit': stop, silent: stop, 'max-output-tokens': { ...stop, retries: 0 } },
    ...{
      'content-filter': { ...stop, apology: null, retries: 0 },
      quota: { ...stop, retries: 0, apology: null },
      lost: 'go-on',
    },
  },
};

/** The purposes of farewells: a hang-up's own, and the last words after failures that end the call. */
export const farewellsOf = ({ recovery }: Scene): readonly string[] => {
  const { lost: _, ...policy } = policies[recovery] ?? { lost: 'go-on' };
  const rows = Object.entries(policy) as [string, { readonly then: string }][];
  return ['farewell', ...rows.filter(([, { then }]) => then === 'hang-up').map(([name]) => `${name}-apology`)];
};

const purse = {
  ...{ limit: 60_000_000, warnAt: 30_000_000, reserve: 8_000_000, perResponse: 8_000_000 },
  farewell: { instructions: 'Say goodbye.' },
  shared: 'no' as const,
};
/** The age that a line may reach, and the Unix time at zero of every clock here. */
export const LIFETIME_MS = 30_000;
export const UNIX_MS = 1_790_000_000_000;

const lasting = {
  attempts: 3,
  withinMs: 20_000,
  inAll: 12,
  firstMs: 250,
  maxMs: 2_000,
  audioMs: 400,
  meanwhile: 'none',
  budgetTokens: 200,
  history: 'asked',
  seed: 7,
} as const;
/** Short, so that a script sees the end of it. */
export const reconnects: Readonly<Record<Scene['reconnect'], Rules['reconnect']>> = {
  no: null,
  yes: { ...lasting, rotate: null },
  rotates: { ...lasting, inAll: 60, rotate: { beforeMs: 15_000, latestMs: 8_000 } },
};
/** The same as a plan has it: the seed is drawn by the shell. */
export function reconnectIn({ reconnect }: Scene): ReconnectPlan | undefined {
  const rules = reconnects[reconnect];
  if (!rules) return undefined;
  const { seed: _, history: __, meanwhile: ___, ...plan } = rules;
  return { ...plan, rotate: rules.rotate ?? false };
}

/** The budget and what happens when it is spent; enough for a few answers. */
export const budgets: Readonly<Record<Scene['budget'], Rules['budget']>> = {
  none: null,
  tells: { ...purse, atLimit: 'tell' },
  'stops answering': { ...purse, atLimit: 'stop-answering' },
  'hangs up': { ...purse, atLimit: 'hang-up' },
  shared: { ...purse, limit: null, warnAt: null, atLimit: 'tell', shared: 'yes' },
};

/** The same budget as a plan states it. */
export function budgetOf({ budget }: Scene): Budget | undefined {
  const rules = budgets[budget];
  if (!rules) return undefined;
  const [reserve, perResponse] = [purse.reserve / 1e9, purse.perResponse / 1e9];
  const { limit, warnAt, atLimit, farewell } = rules;
  if (limit === null) return { reserve, perResponse, atLimit, farewell, store: sharedBudget({ limit: 0.3 }) };
  return { limit: limit / 1e9, warnAt: (warnAt ?? limit) / 1e9, reserve, perResponse, atLimit, farewell };
}

export const replies: Readonly<Record<Answering, Reply>> = {
  speech: { items: [{ says: 'Yes, of course.' }] },
  long: { items: [{ says: 'That is a long story, and I shall tell you all of it.', ms: 4_000 }] },
  call: { items: [{ calls: 'look_up', args: '{}' }] },
  'two items': {
    items: [
      { says: 'One moment.', phase: 'commentary' },
      { calls: 'look_up', args: '{}' },
    ],
  },
  fails: { items: [], status: 'failed', code: 'server_error' },
  limited: {
    items: [],
    status: 'failed',
    code: 'rate_limit_exceeded',
    message: 'Rate limit reached. Please try again in 1.5s.',
  },
  quota: { items: [], status: 'failed', code: 'insufficient_quota' },
  filtered: { items: [{ says: 'Well' }], status: 'incomplete', reason: 'content_filter' },
  incomplete: { items: [{ says: 'Well' }], status: 'incomplete', reason: 'max_output_tokens' },
  nothing: { items: [] },
};

export const injected: Readonly<Record<Injected, { readonly type: string }>> = {
  'another session': { type: 'session.updated', ...{ session: { type: 'realtime', instructions: 'Another.' } } },
  'error without an id': {
    type: 'error',
    ...{ error: { type: 'invalid_request_error', code: 'invalid_value', message: 'No.', param: null, event_id: null } },
  },
  'foreign response': {
    type: 'response.created',
    ...{ response: { id: 'resp_foreign', conversation_id: 'conv_1', status: 'in_progress', metadata: null } },
  },
  'a done': {
    type: 'response.done',
    ...{ response: { id: 'resp_foreign', conversation_id: 'conv_1', status: 'completed', output: [], metadata: null } },
  },
  'a delta': { type: 'response.output_text.delta', ...{ response_id: 'resp_unheard_of', delta: 'Hm' } },
  nonsense: { type: 'response.created', ...{ response: 7 } },
  quota: {
    type: 'error',
    ...{
      error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'Pay.', param: null, event_id: null },
    },
  },
  'server error': {
    type: 'error',
    ...{ error: { type: 'server_error', code: null, message: 'Sorry.', param: null, event_id: null } },
  },
  limits: {
    type: 'rate_limits.updated',
    ...{ rate_limits: [{ name: 'tokens', limit: 10, remaining: 0, reset_seconds: 2 }] },
  },
  'another’s output': {
    type: 'conversation.item.added',
    ...{ item: { id: 'item_foreign', type: 'function_call_output', call_id: 'call_foreign', output: '{}' } },
  },
};

export const parameters: Readonly<Record<Asking['what'], Ask['params']>> = {
  plain: null,
  'with parameters': { instructions: 'Say hello.' },
  beside: { conversation: 'none', instructions: 'Sum up.' },
  'beside, aloud': { conversation: 'none', output_modalities: ['audio'] },
};

const message = (role: string) => ({ type: 'message', role, content: [{ type: 'input_text', text: 'Well?' }] });
export const items: Readonly<Record<Extract<Act, readonly ['item', unknown]>[1], object>> = {
  user: message('user'),
  system: message('system'),
  'unknown output': { type: 'function_call_output', call_id: 'call_nobody_made', output: '{}' },
  duplicate: { id: 'item_twice', ...message('user') },
};

/** Audio bypasses the gate: this many milliseconds of silence. */
export const append = (ms: number) => ({
  type: 'input_audio_buffer.append' as const,
  audio: Buffer.alloc(ms * 48).toString('base64'),
});

/** A scene without latency or disturbances. */
export const quiet: MachineScene = {
  ...{ turnEnds: 'speech-stopped', limits: 'as usual', latency: 'none', speed: 8, faults: {} },
  ...{
    toServerMs: [0],
    toClientMs: [0],
    recovery: 'none',
    playback: 'waits',
    budget: 'none',
    reconnect: 'no',
    line: 'own',
    unknownTools: 'answer',
  },
  ...{
    pings: 'can ask',
    endsCall: 'yes',
    leg: { end: 'ends', ms: 0, line: 'closes' },
    deltaMs: 250,
    leases: 'give',
    dials: ['opens'],
  },
};
