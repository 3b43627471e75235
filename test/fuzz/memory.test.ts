import { expect, test } from 'vitest';
import type { Ears } from '../../types/index.js';
import { openSession } from '../../src/session/connect.js';
import { virtualClock } from '../../src/simulator/clock.js';
import { collect } from '../support/collect.js';

const heap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

/** Long enough that remembering thousands of them shows. */
const named = (what: string, count: number): string => `${what}_${count}_${'x'.repeat(200)}`;

/** What a server could say for ever, each time with ids of its own. */
const endless: Readonly<Record<string, (count: number) => readonly Frame[]>> = {
  'responses that end': (count) => [
    { type: 'response.created', response: { id: named('resp', count), conversation_id: 'conv_1' } },
    { type: 'response.done', response: { id: named('resp', count), status: 'cancelled' } },
  ],
  'responses that never end': (count) => [
    { type: 'response.created', response: { id: named('resp', count), conversation_id: 'conv_1' } },
  ],
  'parts of responses that were never created': (count) => [
    {
      type: 'response.output_text.delta',
      response_id: named('resp', count),
      item_id: named('item', count),
      delta: 'a',
    },
  ],
  'calls of tools, in responses that never end': (count) => [
    {
      type: 'response.output_item.done',
      response_id: named('resp', count),
      item: {
        type: 'function_call',
        status: 'completed',
        call_id: named('call', count),
        name: 'nobody',
        arguments: '{}',
      },
    },
  ],
  'audio of ever new items': (count) => [
    { type: 'response.output_audio.delta', response_id: 'resp_1', item_id: named('item', count), delta: 'AAAA' },
  ],
  'items that nobody sent': (count) => [{ type: 'conversation.item.added', item: { id: named('item', count) } }],
  'turns of the user': (count) => [
    { type: 'input_audio_buffer.speech_started', item_id: named('item', count) },
    { type: 'input_audio_buffer.speech_stopped', item_id: named('item', count) },
    { type: 'input_audio_buffer.committed', item_id: named('item', count) },
  ],
  'errors of nothing': (count) => [
    { type: 'error', error: { code: 'invalid_value', event_id: named('event', count) } },
  ],
};

/** A confirmed session, and what its server says to it. */
async function opened(): Promise<{ say: (frame: Frame) => void; wait: (ms: number) => Promise<void> }> {
  const clock = virtualClock();
  const listening: Ears[] = [];
  const say = (frame: Frame): void => listening[0]?.frame(JSON.stringify(frame));
  const transport = {
    open(ears: Ears) {
      listening.push(ears);
      const send = (text: string): void => {
        if (text.includes('session.update')) say({ type: 'session.updated', session: {} });
      };
      return Promise.resolve({ send, close: () => ears.gone({ code: 1000, reason: '' }) });
    },
  };
  const opening = openSession({ transport, clock });
  say({ type: 'session.created', session: {} });
  const session = await opening;
  // Warnings are not the subject of these tests.
  session.on('fault', () => undefined);
  const wait = (ms: number): Promise<void> => {
    clock.advance(ms);
    return new Promise(setImmediate);
  };
  await wait(0);
  return { say, wait };
}

const ROUNDS = 5_000;
/** A size that 5,000 entries of almost anything would exceed. */
const LIMIT = 500_000;

test.each(Object.keys(endless))('a server that says this for ever does not fill the memory: %s', async (name) => {
  const { say, wait } = await opened();
  const sayFrom = async (from: number): Promise<void> => {
    for (let count = from; count < from + ROUNDS; count++) {
      for (const frame of endless[name]!(count)) say(frame);
      if (count % 100 === 0) await wait(1);
    }
    await wait(1);
  };
  await sayFrom(0);
  const before = heap();
  await sayFrom(ROUNDS);
  expect(heap() - before).toBeLessThan(LIMIT);
});
