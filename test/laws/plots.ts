/** What a script only names: limits, latencies, settings, answers, items and forged frames. */
import type { Ask } from '../../src/machine/index.js';
import { limits } from '../limits.js';
export { limits };
import { noLatency, type Latency, type Reply } from '../../src/simulator/server/index.js';
import type { Act, Asking, Change, Injected, Scene } from './script.js';

export const tight = {
  ...limits,
  held: 2,
  responsesInARow: 2,
  turnMs: 900,
  createdMs: 300,
  responseMs: 700,
  confirmMs: 1_000,
};

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
};

export const replies: Readonly<Record<Extract<Act, readonly ['reply', unknown]>[1], Reply>> = {
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

/** Audio passes by the gate: so many milliseconds of silence. */
export const append = (ms: number): string =>
  JSON.stringify({ type: 'input_audio_buffer.append', audio: Buffer.alloc(ms * 48).toString('base64') });
