import fc from 'fast-check';
import type { Faults, Input, Output } from '../../src/simulator/server/index.js';
import { createServer, nextDue, noLatency, step } from '../../src/simulator/server/index.js';
import { create, pcm, update, userText } from './machine.js';

const deaf = { audio: { input: { turn_detection: null } } };
const whoSpeaks = update({
  type: 'transcription',
  audio: { input: { transcription: { model: 'gpt-4o-transcribe-diarize' } } },
});
const lab = { type: 'mcp', server_label: 'lab', server_url: 'https://lab.example/mcp', allowed_tools: ['find'] };

type Move = { readonly wait: number; readonly input: any };

const id = fc.constantFrom('a', 'b', 'c', 'nobody');
const clientEvent = fc.oneof(
  fc.constantFrom(
    create(),
    create({ conversation: 'none' }),
    create({ output_modalities: ['text'], max_output_tokens: 3 }),
    { type: 'response.cancel' },
    { type: 'response.cancel', response_id: 'resp_nobody' },
    { type: 'input_audio_buffer.append', audio: pcm(120) },
    { type: 'input_audio_buffer.commit' },
    { type: 'input_audio_buffer.clear' },
    { type: 'output_audio_buffer.clear' },
    update({ audio: { input: { turn_detection: null } } }),
    update({ audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 1000 } } } }),
    update({ audio: { input: { turn_detection: { type: 'semantic_vad', interrupt_response: false } } } }),
    update({ audio: { input: { transcription: { model: 'whisper-1' } } } }),
    update({ tools: [lab] }),
    update({ tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }] }),
    create({ tools: [lab], conversation: 'none' }),
    update({ type: 'transcription', audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } }),
    update({ nonsense: 1 }),
  ),
  id.map((each) => userText('x', each)),
  id.map((item_id) => ({ type: 'conversation.item.delete', item_id })),
  id.map((item_id) => ({ type: 'conversation.item.retrieve', item_id })),
  id.map((item_id) => ({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 0 })),
);
const text = fc.oneof(
  { weight: 8, arbitrary: clientEvent.map((event) => JSON.stringify(event)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string() },
);
const caller = fc.constantFrom(
  { does: 'begins' },
  { does: 'ends', says: 'Hm.' },
  { does: 'speaks', says: 'Well then.', ms: 300 },
  { does: 'speaks', says: 'Hm.', ms: 300, transcriptionFails: 'server_error' },
  { does: 'presses', key: '1' },
);
const reply = fc.constantFrom(
  { items: [{ says: 'A sentence.', ms: 900 }] },
  { items: [{ says: 'A moment.' }, { calls: 'f', args: '{"a":1}' }, { calls: 'g', args: '{}' }] },
  {
    items: [
      { mcp: 'lab', name: 'find', output: '[]' },
      { mcp: 'lab', name: 'find', error: 'no' },
    ],
  },
  { items: [{ mcp: 'lab', name: 'find', approval: 'required' }] },
  { items: [], status: 'failed', code: 'server_error' },
  { items: [{ says: 'I was' }], status: 'incomplete', reason: 'content_filter' },
);
const faults: fc.Arbitrary<Partial<Faults>> = fc.record(
  {
    conflictErrorBeforeCreated: fc.boolean(),
    lateDone: fc.constantFrom(0, 300),
    stragglersAfterCancel: fc.nat(3),
    cancelHitsNext: fc.boolean(),
    rateLimits: fc.constantFrom('after', 'before', 'never'),
    vadWhileActive: fc.constantFrom('skip', 'queue'),
    transcriptionReorder: fc.boolean(),
    multiItem: fc.boolean(),
    failCode: fc.constantFrom(null, null, 'server_error'),
    semanticBurst: fc.nat(3),
    preCreated: fc.constantFrom('createdThenDone', 'swallow', 'runs'),
    contextAt: fc.constantFrom('claim', 'created'),
    cancelTail: fc.constantFrom('full', 'doneOnly'),
    audioBurstFactor: fc.constantFrom(1, 50),
  },
  { requiredKeys: [] },
);
const move: fc.Arbitrary<Move> = fc.record({
  wait: fc.constantFrom(0, 0, 20, 90, 350, 1200, 9000),
  input: fc.oneof(
    { weight: 10, arbitrary: text.map((each) => ({ type: 'text', connection: 'client', text: each })) },
    { weight: 4, arbitrary: caller.map((each) => ({ type: 'caller', ...each })) },
    { weight: 2, arbitrary: reply.map((each) => ({ type: 'reply', reply: each })) },
    { weight: 1, arbitrary: faults.map((each) => ({ type: 'faults', faults: each })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('reachable', 'unreachable')
        .map((state) => ({ type: 'hosts', label: 'lab', hosted: { state } })),
    },
    { weight: 1, arbitrary: fc.constant({ type: 'binary', connection: 'client' }) },
  ),
});
/** Random sequences of inputs for a server. */
export const game = fc.record({
  media: fc.constantFrom('websocket' as const, 'webrtc' as const),
  kind: fc.constantFrom('conversation' as const, 'conversation' as const, 'transcription' as const),
  slow: fc.boolean(),
  faults,
  moves: fc.array(move, { maxLength: 60 }),
});

/** Plays one to its end. Returns the server's final state, and everything that it has sent. */
export function play({
  media,
  kind,
  slow,
  faults: given,
  moves,
}: typeof game extends fc.Arbitrary<infer Game> ? Game : never) {
  const server = createServer({ media, faults: given, audio: 'tiny', ...(!slow && { latency: noLatency }) });
  const outputs: Output[] = [];
  const happen = (input: any, now: number) => outputs.push(...step(server, { ...input, now } as Input));
  let now = 0;
  const writes = kind === 'transcription';
  const greeting = writes ? { intent: 'transcription' } : { model: 'gpt-realtime' };
  happen({ type: 'connect', connection: 'client', ...greeting }, now);
  if (writes) happen({ type: 'text', connection: 'client', text: JSON.stringify(whoSpeaks) }, now);
  for (const { wait, input } of moves) {
    now += wait;
    happen({ type: 'tick' }, now);
    happen(input, now);
  }
  happen(
    {
      type: 'text',
      connection: 'client',
      text: JSON.stringify(update({ type: writes ? 'transcription' : 'realtime', ...deaf })),
    },
    now,
  );
  for (let due = nextDue(server); due !== null; due = nextDue(server)) happen({ type: 'tick' }, due);
  const frames = outputs.flatMap((output): any[] => (output.type === 'frame' ? [output.event] : []));
  return { server, frames };
}
