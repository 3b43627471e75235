import { describe, expect, it } from 'vitest';
import { created, done, given, refusal, speechStarted, type Bench } from './bench.js';

describe('a create that is neither created nor refused', () => {
  const unanswered = (): { gate: Bench; story: ReturnType<Bench['asks']> } => {
    const gate = given();
    const story = gate.asks('story');
    gate.waits(10_000);
    return { gate, story };
  };

  it('settles as unsent, unanswered, and is a fault', () => {
    const { gate, story } = unanswered();
    expect([story.verdict, story.outcome]).toEqual(['admit', 'unsent by unanswered']);
    expect(gate.faults).toHaveLength(1);
  });

  it('frees the slot, and sends nothing by itself', () => {
    const { gate } = unanswered();
    expect(gate.shut).toEqual([]);
    expect(gate.created).toEqual(['story']);
  });

  it('lets go what waited', () => {
    const gate = given();
    gate.asks('story', { params: {} });
    const reply = gate.asks('reply', { params: {} });
    gate.waits(10_000);
    expect(reply.verdict).toBe('admit');
  });

  it('is still tracked when it is created after all: it holds the slot until its done', () => {
    const { gate, story } = unanswered();
    gate.creates('resp_late');
    expect(gate.shut).toEqual(['response-active']);
    expect(gate.notices).toContainEqual({ kind: 'created', response: 'resp_late', purpose: 'story', requests: [] });
    gate.reads(done('resp_late'));
    expect(gate.shut).toEqual([]);
    expect(story.outcome).toBe('unsent by unanswered');
  });

  it('is not settled again by an error that comes too late', () => {
    const { gate, story } = unanswered();
    gate.reads(refusal('server_error', gate.lastCreate.eventId));
    expect(story.outcome).toBe('unsent by unanswered');
  });

  it('takes along those that were merged with it', () => {
    const gate = given();
    gate.sends('item_1');
    gate.reads(created('resp_0'));
    gate.asks('first');
    const second = gate.asks('second');
    gate.reads(done('resp_0'));
    gate.waits(10_000);
    expect(second.outcome).toBe('unsent by unanswered');
  });

  it('is watched out of band as well', () => {
    const gate = given();
    const aside = gate.asks('aside', { params: { conversation: 'none' } });
    gate.waits(10_000);
    expect(aside.outcome).toBe('unsent by unanswered');
  });
});

describe('a response that never ends', () => {
  it('is a fault, settles as lost and frees the slot', () => {
    const gate = given();
    const story = gate.speaks('story', 'resp_1');
    gate.waits(60_000);
    expect(story.outcome).toBe('lost');
    expect(gate.shut).toEqual([]);
    expect(gate.faults).toEqual(['The server never ended the response resp_1.']);
  });

  it('is not told of again when it ends after all', () => {
    const gate = given();
    const story = gate.speaks('story', 'resp_1');
    gate.waits(60_000);
    gate.reads({ type: 'response.output_text.delta', response_id: 'resp_1' }, done('resp_1'));
    expect(story.outcome).toBe('lost');
    expect(gate.shut).toEqual([]);
  });

  it('is only a backstop for what a conflict has named', () => {
    const gate = given({ limits: { responseMs: 1_000 } });
    gate.reads({ type: 'response.output_text.delta', response_id: 'resp_named' });
    gate.waits(1_000);
    expect(gate.shut).toEqual([]);
  });
});

describe('watchdogs', () => {
  it('never send by themselves', () => {
    const gate = given({ detection: 'automatic' });
    gate.asks('story');
    gate.reads(created('resp_1'), speechStarted());
    gate.forget();
    gate.waits(200_000);
    expect(gate.faults).toHaveLength(3);
    expect(gate.written).toEqual([]);
  });

  it('free what they watch: what waited for a turn that never ended may go', () => {
    const gate = given({ detection: 'quiet' });
    gate.reads(speechStarted());
    const reply = gate.asks('reply', { holdForMs: 120_000 });
    gate.waits(59_999);
    expect(reply.verdict).toBe('hold: user-speaking');
    gate.waits(1);
    expect(reply.verdict).toBe('admit');
  });

  it('wake nobody before their time: a tick too early does nothing', () => {
    const gate = given();
    gate.asks('story');
    gate.forget();
    gate.waits(9_999);
    gate.step({ type: 'tick' });
    expect([gate.written, gate.notices]).toEqual([[], []]);
    expect(gate.gate.due).toBe(10_000);
  });
});
