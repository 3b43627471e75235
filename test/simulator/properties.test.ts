import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Faults, Input, Output, Server } from '../../src/simulator/server/index.js';
import { createServer, nextDue, noFaults, noLatency, step } from '../../src/simulator/server/index.js';
import { create, pcm, update, userText } from './machine.js';

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
  { does: 'presses', key: '1' },
);
const reply = fc.constantFrom(
  { items: [{ says: 'A sentence.', ms: 900 }] },
  { items: [{ says: 'A moment.' }, { calls: 'f', args: '{"a":1}' }, { calls: 'g', args: '{}' }] },
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
  wait: fc.constantFrom(0, 0, 20, 90, 350, 1200),
  input: fc.oneof(
    { weight: 10, arbitrary: text.map((each) => ({ type: 'text', connection: 'client', text: each })) },
    { weight: 4, arbitrary: caller.map((each) => ({ type: 'caller', ...each })) },
    { weight: 2, arbitrary: reply.map((each) => ({ type: 'reply', reply: each })) },
    { weight: 1, arbitrary: faults.map((each) => ({ type: 'faults', faults: each })) },
    { weight: 1, arbitrary: fc.constant({ type: 'binary', connection: 'client' }) },
  ),
});
const game = fc.record({
  media: fc.constantFrom('websocket' as const, 'webrtc' as const),
  slow: fc.boolean(),
  faults,
  moves: fc.array(move, { maxLength: 60 }),
});

function play({ media, slow, faults: given, moves }: typeof game extends fc.Arbitrary<infer Game> ? Game : never) {
  const server = createServer({ media, faults: given, audio: 'tiny', ...(!slow && { latency: noLatency }) });
  const outputs: Output[] = [];
  const happen = (input: any, now: number) => outputs.push(...step(server, { ...input, now } as Input));
  let now = 0;
  happen({ type: 'connect', connection: 'client', model: 'gpt-realtime' }, now);
  for (const { wait, input } of moves) {
    now += wait;
    happen({ type: 'tick' }, now);
    happen(input, now);
  }
  happen(
    {
      type: 'text',
      connection: 'client',
      text: JSON.stringify(update({ audio: { input: { turn_detection: null } } })),
    },
    now,
  );
  for (let due = nextDue(server); due !== null; due = nextDue(server)) happen({ type: 'tick' }, due);
  const frames = outputs.flatMap((output): any[] => (output.type === 'frame' ? [output.event] : []));
  return { server, frames };
}

const idsOf = (frames: any[], type: string): string[] =>
  frames.filter((frame) => frame.type === type).map(({ response }) => response.id);

function holds(check: (server: Server, frames: any[]) => void): void {
  fc.assert(
    fc.property(game, (each) => {
      const { server, frames } = play(each);
      check(server, frames);
    }),
    { numRuns: 300 },
  );
}

describe('whatever happens', () => {
  it('nothing breaks, and in the end nothing is left open', () => {
    holds((server) => {
      expect(server.session).toMatchObject({ slot: null, responses: [], turn: null });
    });
  });

  it('every response that was created is done, once, and none is done that was not created', () => {
    holds((_, frames) => {
      const done = idsOf(frames, 'response.done');
      expect(new Set(done).size).toBe(done.length);
      expect(done.toSorted()).toEqual(idsOf(frames, 'response.created').toSorted());
    });
  });

  it('everything that opens is closed, in its order, and deltas lie in between', () => {
    holds((_, frames) => {
      const open = new Set<string>();
      for (const { type, item, item_id } of frames) {
        if (type === 'response.output_item.added') open.add(item.id);
        if (type === 'response.output_item.done') expect(open.delete(item.id)).toBe(true);
        if (/^response\..*\.delta$/.test(type)) expect(open.has(item_id)).toBe(true);
      }
    });
  });

  it('no two default responses are open at once, unless an end is late', () => {
    fc.assert(
      fc.property(game, (each) => {
        const moves = each.moves.filter(({ input }) => input.type !== 'faults');
        const { frames } = play({ ...each, moves, faults: { ...each.faults, lateDone: 0 } });
        let open: string | null = null;
        for (const { type, response } of frames) {
          if (!response || response.conversation_id === null) continue;
          if (type === 'response.created') expect(open).toBeNull();
          open = type === 'response.created' ? response.id : null;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('no id is given twice', () => {
    holds((_, frames) => {
      const ids = frames.map(({ event_id }) => event_id).filter(Boolean);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });

  it('the state stays data: it can be cloned and written down', () => {
    holds((server) => {
      expect(structuredClone(server)).toEqual(server);
      expect(JSON.parse(JSON.stringify(server.session))).toEqual(server.session);
      expect(Object.keys(server.faults).toSorted()).toEqual(Object.keys(noFaults).toSorted());
    });
  });
});
