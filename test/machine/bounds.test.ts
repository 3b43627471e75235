import { describe, expect, it } from 'vitest';
import { created, done, given, unconfirmed } from './bench.js';

describe('what the gate remembers is bounded', () => {
  it('ids that have ended: the latest 256', () => {
    const gate = given();
    for (let count = 0; count < 1_000; count++) gate.reads(created(`resp_${count}`), done(`resp_${count}`));
    expect(gate.gate.ended.size).toBe(256);
    gate.reads({ type: 'response.output_text.delta', response_id: 'resp_999' });
    expect(gate.shut).toEqual([]);
  });

  it('responses that are open: 256, and one more is a fault', () => {
    const gate = given();
    for (let count = 0; count < 257; count++) {
      gate.reads({ type: 'response.output_text.delta', response_id: `resp_${count}` });
    }
    expect(gate.gate.responses.size).toBe(256);
    expect(gate.faults).toEqual(["More than 256 responses are open: 'resp_256' is not followed."]);
  });

  it('creates that went unanswered: the latest 32', () => {
    const gate = given({ limits: { responsesInARow: 1_000 } });
    for (let count = 0; count < 40; count++) {
      gate.asks('story');
      gate.waits(10_000);
    }
    expect(gate.gate.late.size).toBe(32);
    gate.creates('resp_late');
    expect(gate.gate.late.size).toBe(31);
  });

  it('items that are on their way: 1,024', () => {
    const gate = given();
    for (let count = 0; count < 1_100; count++) gate.sends(`item_${count}`);
    expect(gate.gate.marks).toHaveLength(1_024);
  });

  it('echoes that may still come: 32', () => {
    const gate = unconfirmed();
    for (let count = 0; count < 40; count++) gate.step({ type: 'abandon', update: gate.asksToConfigure({}) });
    expect(gate.gate.unechoed).toHaveLength(32);
  });

  it('requests: none once it is settled and its response has ended', () => {
    const gate = given({ limits: { responsesInARow: 1_000 } });
    for (let count = 0; count < 100; count++) {
      gate.speaks('story', `resp_${count}`);
      gate.asks('reply').withdraws();
      gate.reads(done(`resp_${count}`));
    }
    expect([gate.gate.requests.size, gate.gate.queue.length, gate.gate.responses.size]).toEqual([0, 0, 0]);
  });
});

describe('sending by hand', () => {
  it('sends the event as it is, with ids where it had none', () => {
    const gate = given();
    const sent = gate.step({ type: 'send', event: { type: 'conversation.item.create', item: { type: 'message' } } });
    expect(sent.frames[0]).toMatchObject({
      event_id: expect.any(String),
      item: { type: 'message', id: expect.any(String) },
    });
  });

  it('keeps the ids that it had', () => {
    const gate = given();
    const event = { type: 'conversation.item.create', event_id: 'mine', item: { id: 'item_mine' } };
    expect(gate.step({ type: 'send', event }).frames).toEqual([event]);
  });

  it.each([undefined, null, 'text', { id: 7 }])('sends a malformed item (%o) for the server to refuse', (item) => {
    const gate = given();
    gate.step({ type: 'send', event: { type: 'conversation.item.create', item } });
    expect(gate.written).toHaveLength(1);
    expect(gate.gate.marks).toEqual([]);
  });
});
