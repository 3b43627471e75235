import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createServer, noLatency, step } from '../../src/simulator/index.js';
import { create, machine, pcm, update, userText } from './machine.js';

/** Events that name an item which has not been announced. */
function unknownPlaces(events: readonly any[]): string[] {
  const announced = new Set<string | null | undefined>([null, undefined]);
  const found: string[] = [];
  for (const { type, previous_item_id, item, item_id } of events) {
    if (!announced.has(previous_item_id)) found.push(`${type} names ${previous_item_id}`);
    if (type === 'conversation.item.added') announced.add(item.id);
    if (type === 'input_audio_buffer.committed') announced.add(item_id);
  }
  return found;
}

describe('previous_item_id', () => {
  it('of a turn of the caller names no item of a client that is not announced yet, which comes after the turn', () => {
    const server = machine();
    server.caller({ does: 'speaks', says: 'Hello', ms: 1000 });
    server.advance(980);
    server.send(userText('A note.', 'note'));
    server.settle();
    const turn = server.last('input_audio_buffer.committed');
    expect(turn.previous_item_id).toBeNull();
    const note = server.all('conversation.item.added').find(({ item }) => item.id === 'note');
    expect(note.previous_item_id).toBe(turn.item_id);
    expect(server.server.session!.items.slice(0, 2).map(({ id }) => id)).toEqual([turn.item_id, 'note']);
  });

  it('of an answer does not, and the answer has still seen the item', () => {
    const server = machine({ latency: { create: 0, firstItem: 0 } });
    server.send(userText('A note.', 'note'));
    server.send(create());
    server.settle();
    const answer = server.all('conversation.item.added').find(({ item }) => item.role === 'assistant');
    expect(answer.previous_item_id).toBeNull();
    expect(server.last('response.output_audio_transcript.done').transcript).toBe('You said: A note.');
  });

  it('of an item that is deleted before it is announced names one that is there', () => {
    const server = machine();
    server.send(userText('a', 'a'));
    server.send(userText('b', 'b'));
    server.send({ type: 'conversation.item.delete', item_id: 'b' });
    server.send({ ...userText('c', 'c'), previous_item_id: 'a' });
    server.settle();
    expect(server.types().slice(1)).toEqual([
      ...Array.from({ length: 2 }, () => ['conversation.item.added', 'conversation.item.done']).flat(),
      'conversation.item.deleted',
      'conversation.item.added',
      'conversation.item.done',
    ]);
    expect(server.all('conversation.item.added').map((event) => event.previous_item_id)).toEqual([null, 'a', 'a']);
  });

  it('of an item never comes after the acknowledgement of what was sent later', () => {
    const server = createServer({ latency: { ...noLatency, item: 60 } });
    const types: string[] = [];
    const happen = (input: any) => {
      for (const output of step(server, input)) if (output.type === 'frame') types.push(output.event.type);
    };
    const text = (event: object) => ({ type: 'text', connection: 'client', text: JSON.stringify(event) });
    happen({ type: 'connect', connection: 'client', model: 'gpt-realtime', now: 0 });
    happen({ ...text(userText('x')), now: 0 });
    happen({ ...text({ type: 'input_audio_buffer.clear' }), now: 60 });
    happen({ type: 'tick', now: 60 });
    expect(types.slice(1)).toEqual(['conversation.item.added', 'conversation.item.done', 'input_audio_buffer.cleared']);
  });

  const deed = fc.oneof(
    fc.record({ does: fc.constant('item'), place: fc.constantFrom('last', 'root', 'behind') }),
    fc.record({ does: fc.constantFrom('speaks', 'commits', 'asks', 'deletes', 'beside') }),
    fc.record({ does: fc.constant('waits'), ms: fc.integer({ min: 0, max: 400 }) }),
  );

  it('names, whatever is done in whatever order, an item that has been announced', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 30 }), fc.constantFrom('websocket', 'webrtc'), (deeds, media) => {
        const server = machine({ media, faults: { outOfBandItems: 'announced' } });
        server.send(update({ audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 1000 } } } }));
        let count = 0;
        for (const { does, place, ms } of deeds as any[]) {
          const id = `item-${count}`;
          if (does === 'waits') server.advance(ms);
          else if (does === 'speaks') server.caller({ does: 'speaks', says: 'Hi.', ms: 150 });
          else if (does === 'asks') server.send(create());
          else if (does === 'beside') server.send(create({ conversation: 'none' }));
          else if (does === 'deletes') server.send({ type: 'conversation.item.delete', item_id: id });
          else if (does === 'commits') {
            server.send({ type: 'input_audio_buffer.append', audio: pcm(200) });
            server.send({ type: 'input_audio_buffer.commit' });
          } else {
            const previous_item_id = place === 'last' ? undefined : place === 'root' ? 'root' : id;
            count += 1;
            server.send({ ...userText('x', `item-${count}`), ...(previous_item_id && { previous_item_id }) });
          }
        }
        server.advance(4000);
        expect(unknownPlaces(server.frames())).toEqual([]);
        expect(server.server.session!.items.filter(({ announced }) => !announced)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
