import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import { ask, briefly, caughtUp, tell } from './asking.js';
import { codeOf } from './line.js';
import type { Scenario } from './scenarios.js';

const text = { output_modalities: ['text' as const] };

/** A tool as common schema libraries describe it, and values that a server may round, trim or sort. */
const asked = {
  type: 'realtime',
  instructions: '  Be brief – “very” brief.\n',
  max_output_tokens: 777,
  tool_choice: 'auto',
  tools: [
    {
      type: 'function',
      name: 'stock',
      description: 'How many of a flower there are. ',
      parameters: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { flower: { type: 'string', minLength: 1 }, colour: { enum: ['red', 'white'], type: 'string' } },
        required: ['flower'],
        additionalProperties: false,
      },
    },
  ],
  audio: {
    input: {
      format: { type: 'audio/pcmu' },
      transcription: { model: 'gpt-4o-mini-transcribe', language: 'en' },
      turn_detection: { type: 'server_vad', threshold: 0.55, silence_duration_ms: 640 },
    },
    output: { format: { type: 'audio/pcmu' }, voice: 'cedar', speed: 1.1 },
  },
} as const;

/** Independent mistakes, each of which is refused. */
const mistakes: readonly [name: string, mistake: object][] = [
  ['unknown type', { type: 'nonsense' }],
  ['nothing to cancel', { type: 'response.cancel' }],
  ['nothing to commit', { type: 'input_audio_buffer.commit' }],
  ['unknown parameter', { type: 'session.update', session: { type: 'realtime', nonsense: 1 } }],
  ['missing parameter', { type: 'conversation.item.delete' }],
  ['truncate', { type: 'conversation.item.truncate', item_id: 'never', content_index: 0, audio_end_ms: 0 }],
  ['delete', { type: 'conversation.item.delete', item_id: 'never' }],
  ['retrieve', { type: 'conversation.item.retrieve', item_id: 'never' }],
  [
    'duplicate',
    { type: 'conversation.item.create', item: { id: 'twice', type: 'message', role: 'user', content: [] } },
  ],
  [
    'output of no call',
    { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'never', output: '' } },
  ],
];

/** Scenarios of what the server echoes. */
export const bookkeepingScenarios: readonly Scenario[] = [
  {
    asks: 'Which of a session.update is not in its echo as it was asked for?',
    detection: null,
    async find(line) {
      line.send({ type: 'session.update', session: asked as never });
      const answer = await line.nextOf(['session.updated', 'error'], 2);
      if (answer.type === 'error') return `it is refused: ${codeOf(answer)} ${answer.error.param ?? ''}`;
      return differences(asked, answer.session, 'session').join('; ') || 'nothing: all of it is, $schema included';
    },
  },
  {
    asks: 'Is metadata echoed, and the event_id of the create?',
    detection: null,
    async find(line) {
      const metadata = { purpose: 'greeting' };
      line.send({
        type: 'response.create',
        event_id: 'a_create',
        response: { ...text, instructions: briefly, metadata },
      });
      const created = await line.next('response.created');
      const done = await line.next('response.done');
      const echoes = [created, done].map(({ type, response }) => {
        const isEchoed = JSON.stringify(response.metadata) === JSON.stringify(metadata);
        return `${isEchoed ? 'in' : 'not in'} ${type}`;
      });
      const told = JSON.stringify([created, done]).includes('a_create') ? 'and the event_id' : 'but no event_id';
      return `${echoes.join(', ')}, ${told}`;
    },
  },
  {
    asks: 'Which errors do not name the event that they answer?',
    detection: null,
    async find(line) {
      tell(line, 'Good day.', 'twice');
      for (const [index, [, mistake]] of mistakes.entries()) {
        line.send({ ...mistake, event_id: `mistake_${index}` } as RealtimeClientEvent);
      }
      await caughtUp(line);
      const errors = line.events.flatMap((event) => (event.type === 'error' ? [event.error] : []));
      const named = new Set(errors.map(({ event_id }) => event_id));
      const silent = mistakes.flatMap(([name], index) => (named.has(`mistake_${index}`) ? [] : [name]));
      const codes = errors.filter(({ event_id }) => !event_id).map(({ code, type }) => code ?? type);
      return `${silent.join(', ') || 'none'}; ${errors.length} of ${mistakes.length} answered${codes.length > 0 ? `, without an event_id: ${codes.join(', ')}` : ''}`;
    },
  },
  {
    asks: 'When is rate_limits.updated sent?',
    detection: null,
    async find(line) {
      ask(line, briefly, text);
      const limits = await line.soon(line.next('rate_limits.updated'), 10_000);
      const done = await line.next('response.done');
      if (!limits) return 'never';
      return `${line.events.indexOf(limits) < line.events.indexOf(done) ? 'before' : 'after'} response.done`;
    },
  },
];

/** Every path of `wanted` whose value in `got` differs. */
function differences(wanted: unknown, got: unknown, path: string): readonly string[] {
  if (typeof wanted !== 'object' || wanted === null || typeof got !== 'object' || got === null) {
    return wanted === got ? [] : [`${path} is ${JSON.stringify(got) ?? 'not there'}`];
  }
  const there = got as Record<string, unknown>;
  return Object.entries(wanted).flatMap(([key, value]) => differences(value, there[key], `${path}.${key}`));
}
