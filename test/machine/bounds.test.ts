import { describe, expect, it } from 'vitest';
import { created, done, given, unconfirmed } from './bench.js';

describe('what the gate remembers is bounded', () => {
  it('ids that have ended: the latest 256', () => {
    const bench = given();
    for (let count = 0; count < 1_000; count++) bench.reads(created(`resp_${count}`), done(`resp_${count}`));
    expect(bench.session.responses.ended.size).toBe(256);
    bench.reads({ type: 'response.output_text.delta', response_id: 'resp_999' });
    expect(bench.shut).toEqual([]);
  });

  it('responses that are open: 256, and one more is a fault', () => {
    const bench = given();
    for (let count = 0; count < 257; count++) {
      bench.reads({ type: 'response.output_text.delta', response_id: `resp_${count}` });
    }
    expect(bench.session.responses.open.size).toBe(256);
    expect(bench.faults).toEqual(["More than 256 responses are open: 'resp_256' is not followed."]);
  });

  it('creates that went unanswered: the latest 32', () => {
    const bench = given({ limits: { responsesInARow: 1_000 } });
    for (let count = 0; count < 40; count++) {
      bench.asks('story');
      bench.waits(10_000);
    }
    expect(bench.session.requests.late.size).toBe(32);
    bench.creates('resp_late');
    expect(bench.session.requests.late.size).toBe(31);
  });

  it('items that are on their way: 1,024', () => {
    const bench = given();
    for (let count = 0; count < 1_100; count++) bench.sends(`item_${count}`);
    expect(bench.session.items.unadded).toHaveLength(1_024);
  });

  it('echoes that may still come: 32', () => {
    const bench = unconfirmed();
    for (let count = 0; count < 40; count++) bench.step({ type: 'abandon', update: bench.asksToConfigure({}) });
    expect(bench.session.configuration.owed).toHaveLength(32);
  });

  it('requests: none once it is settled and its response has ended', () => {
    const bench = given({ limits: { responsesInARow: 1_000 } });
    for (let count = 0; count < 100; count++) {
      bench.speaks('story', `resp_${count}`);
      bench.asks('reply').withdraws();
      bench.reads(done(`resp_${count}`));
    }
    expect([
      bench.session.requests.all.size,
      bench.session.requests.queue.length,
      bench.session.responses.open.size,
    ]).toEqual([0, 0, 0]);
  });
});

describe('sending by hand', () => {
  it('sends the event as it is, with ids where it had none', () => {
    const bench = given();
    const sent = bench.step({ type: 'send', event: { type: 'conversation.item.create', item: { type: 'message' } } });
    expect(sent.frames[0]).toMatchObject({
      event_id: expect.any(String),
      item: { type: 'message', id: expect.any(String) },
    });
  });

  it('keeps the ids that it had', () => {
    const bench = given();
    const event = { type: 'conversation.item.create', event_id: 'mine', item: { id: 'item_mine' } };
    expect(bench.step({ type: 'send', event }).frames).toEqual([event]);
  });

  it.each([undefined, null, 'text', { id: 7 }])('sends a malformed item (%o) for the server to refuse', (item) => {
    const bench = given();
    bench.step({ type: 'send', event: { type: 'conversation.item.create', item } });
    expect(bench.written).toHaveLength(1);
    expect(bench.session.items.unadded).toEqual([]);
  });
});
