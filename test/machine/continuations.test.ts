import { describe, expect, it } from 'vitest';
import {
  committed,
  conflict,
  created,
  done,
  firstItem,
  given,
  itemAdded,
  refusal,
  speechStarted,
  speechStopped,
  timeoutTriggered,
  turn,
  type Bench,
} from './bench.js';

type Options = Parameters<Bench['asks']>[1];
/** An item is sent and added, the user is speaking, and a request waits. */
const waiting = (options: Options = {}): { gate: Bench; asked: ReturnType<Bench['asks']> } => {
  const gate = given({ detection: 'automatic' });
  gate.sends('item_1');
  gate.reads(itemAdded('item_1'), speechStarted());
  return { gate, asked: gate.asks('reply', options) };
};
const answers = (gate: Bench): void => gate.reads(speechStopped(), committed(), created('resp_1'), firstItem('resp_1'));

describe('a continuation', () => {
  it.each<[string, Options]>([
    ['the follow-up of a tool round', { origin: 'follow-up' }],
    ['a respond() without parameters, after an item', {}],
  ])('is %s: it merges into the answer of the server', (_, options) => {
    const { gate, asked } = waiting(options);
    answers(gate);
    expect(asked.verdict).toBe('merge: resp_1');
    gate.reads(done('resp_1'));
    expect(asked.outcome).toBe('completed');
    expect(gate.created).toEqual([]);
  });

  it.each<[string, Options]>([
    ['a respond() with parameters of its own', { params: { instructions: 'Wave.' } }],
    ['the remark of a tool', { origin: 'remark' }],
    ['a farewell', { origin: 'farewell' }],
  ])('is not %s: it goes out by itself', (_, options) => {
    const { gate, asked } = waiting(options);
    answers(gate);
    gate.reads(done('resp_1'));
    expect(asked.verdict).toBe('admit');
  });

  it('is not a request before which nothing was sent: a greeting greets', () => {
    const gate = given({ detection: 'automatic' });
    gate.reads(speechStarted());
    const greeting = gate.asks('greeting');
    answers(gate);
    gate.reads(done('resp_1'));
    expect(greeting.verdict).toBe('admit');
  });

  it('may follow a commit of ours', () => {
    const gate = given({ detection: 'automatic' });
    gate.commits();
    gate.reads(committed('item_mine'), itemAdded('item_mine'), speechStarted());
    const asked = gate.asks('reply');
    answers(gate);
    expect(asked.verdict).toBe('merge: resp_1');
  });
});

describe('merging into an answer of the server', () => {
  it('happens at its first item, not at its created', () => {
    const { gate, asked } = waiting();
    gate.reads(speechStopped(), committed(), created('resp_1'));
    expect(asked.verdict).toBe('hold: user-speaking');
    gate.reads(firstItem('resp_1'));
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not happen if it ends before that: the request stays held, and goes', () => {
    const { gate, asked } = waiting();
    gate.reads(speechStopped(), committed(), created('resp_1'), done('resp_1', 'cancelled'));
    expect(asked.verdict).toBe('admit');
  });

  it('happens on timeout_triggered as well', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'), timeoutTriggered());
    const asked = gate.asks('reply');
    gate.reads(committed(), created('resp_1'), firstItem('resp_1'));
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not happen if the item was added after the trigger: it was not seen', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(speechStarted(), speechStopped(), itemAdded('item_1'), committed());
    const asked = gate.asks('reply');
    gate.reads(created('resp_1'), firstItem('resp_1'));
    expect(asked.verdict).toBe('hold: response-imminent');
    gate.reads(done('resp_1'));
    expect(asked.verdict).toBe('admit');
  });

  it('waits for every item that was sent before the request, in whatever order they are added', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.sends('item_2');
    gate.reads(itemAdded('item_2'), speechStarted());
    const asked = gate.asks('reply');
    answers(gate);
    expect(asked.verdict).toBe('hold: user-speaking');
  });

  it('does not wait for items that were sent after the request', () => {
    const { gate, asked } = waiting();
    gate.sends('item_2');
    answers(gate);
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not wait for an item that the server refused', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    const refused = gate.sends('item_2');
    gate.reads(itemAdded('item_1'), refusal('invalid_value', refused['event_id'] as string), speechStarted());
    const asked = gate.asks('reply');
    answers(gate);
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not happen with a response without a trigger: of another connection, say', () => {
    const gate = given({ detection: 'quiet' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'), ...turn(), speechStarted());
    const asked = gate.asks('reply');
    gate.reads(created('resp_1'), firstItem('resp_1'), done('resp_1'), speechStopped());
    expect(asked.verdict).toBe('admit');
  });

  it('does not happen with a response that was created before the request', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'), ...turn(), created('resp_1'));
    const asked = gate.asks('reply');
    gate.reads(firstItem('resp_1'), done('resp_1'));
    expect(asked.verdict).toBe('admit');
  });

  it('does not happen with a response of ours, nor with one out of band', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'), ...turn(), created('resp_1'), done('resp_1'));
    gate.speaks('story', 'resp_2', { params: {} });
    const asked = gate.asks('reply');
    gate.reads(firstItem('resp_2'), created('resp_aside', { conversation_id: null }), firstItem('resp_aside'));
    expect(asked.verdict).toBe('hold: response-active');
  });

  it('takes every continuation that waits, and leaves the others', () => {
    const { gate, asked } = waiting();
    const second = gate.asks('second');
    const third = gate.asks('third', { params: { instructions: 'Wave.' } });
    answers(gate);
    expect([asked.verdict, second.verdict]).toEqual(['merge: resp_1', 'merge: resp_1']);
    expect(third.verdict).toBe('hold: user-speaking');
  });

  it('happens to what is put back, if the conflict is read before the created', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'));
    const asked = gate.asks('reply');
    gate.reads(...turn(), conflict(gate.lastCreate.eventId, 'resp_1'), created('resp_1'), firstItem('resp_1'));
    gate.reads(done('resp_1'));
    expect([asked.verdict, asked.response, asked.outcome]).toEqual(['admit', 'resp_1', 'completed']);
    expect(gate.created).toEqual(['reply']);
  });

  it('happens to what is put back, if the conflict is read after the created', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'));
    const asked = gate.asks('reply');
    gate.reads(...turn(), created('resp_1'), conflict(gate.lastCreate.eventId, 'resp_1'), firstItem('resp_1'));
    gate.reads(done('resp_1'));
    expect([asked.response, asked.outcome]).toEqual(['resp_1', 'completed']);
    expect(gate.created).toEqual(['reply']);
  });

  it('happens to what is put back even after the first item', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'));
    const asked = gate.asks('reply');
    gate.reads(...turn(), created('resp_1'), firstItem('resp_1'), conflict(gate.lastCreate.eventId, 'resp_1'));
    expect(asked.response).toBe('resp_1');
    gate.reads(done('resp_1'));
    expect(asked.outcome).toBe('completed');
  });

  it('does not happen to what is put back if the answer began before it was asked for', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'), ...turn(), created('resp_1'), firstItem('resp_1'));
    gate.reads(created('resp_2'), done('resp_2'));
    const asked = gate.asks('reply');
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_1'));
    expect(asked.response).toBeUndefined();
    gate.reads(done('resp_1'));
    expect(gate.created).toEqual(['reply', 'reply']);
  });

  it('is not done by an item of a response that nobody knows', () => {
    const { gate, asked } = waiting();
    gate.reads(firstItem('resp_unknown'));
    expect(asked.verdict).toBe('hold: user-speaking');
  });

  it('does not happen on a trigger of the last epoch', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'), speechStarted(), speechStopped());
    const asked = gate.asks('reply');
    gate.drops();
    gate.connects();
    gate.reads(created('resp_1'), firstItem('resp_1'));
    expect(asked.verdict).toBe('hold: response-imminent');
  });

  it('is forgotten by the next epoch: what was added there was added to another conversation', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(speechStarted());
    const asked = gate.asks('reply');
    gate.drops();
    gate.connects();
    gate.reads(
      { type: 'session.updated', session: gate.gate.confirmed },
      ...turn(),
      created('resp_1'),
      firstItem('resp_1'),
    );
    expect(asked.verdict).not.toBe('merge: resp_1');
  });
});

describe('all continuations that wait when the slot opens', () => {
  const held = (): { gate: Bench; first: ReturnType<Bench['asks']>; second: ReturnType<Bench['asks']> } => {
    const gate = given();
    gate.sends('item_1');
    gate.reads(created('resp_0'));
    return { gate, first: gate.asks('first'), second: gate.asks('second', { origin: 'follow-up' }) };
  };

  it("go out as one create, with the first's purpose", () => {
    const { gate, first, second } = held();
    gate.reads(done('resp_0'));
    expect(gate.created).toEqual(['first']);
    expect([first.verdict, second.verdict]).toEqual(['admit', `merge: request ${first.id}`]);
  });

  it('end together', () => {
    const { gate, first, second } = held();
    gate.reads(done('resp_0'));
    gate.creates('resp_1');
    gate.reads(done('resp_1'));
    expect([first.outcome, second.outcome]).toEqual(['completed', 'completed']);
    expect(gate.created).toEqual(['first']);
  });

  it('do not take along what is no continuation', () => {
    const { gate } = held();
    const other = gate.asks('other', { params: { instructions: 'Wave.' } });
    gate.reads(done('resp_0'));
    expect(other.verdict).toBe('hold: response-active');
  });

  it('do not go out with what is no continuation, when that comes first', () => {
    const gate = given();
    gate.sends('item_1');
    gate.reads(created('resp_0'));
    const other = gate.asks('other', { params: { instructions: 'Wave.' } });
    const reply = gate.asks('reply');
    gate.reads(done('resp_0'));
    expect([other.verdict, reply.verdict]).toEqual(['admit', 'hold: response-active']);
  });

  it('do not take along what another guard is shut to', () => {
    const gate = given();
    gate.step({ type: 'know', fact: 'playing' });
    gate.sends('item_1');
    gate.reads(created('resp_0'));
    const bold = gate.asks('bold', { override: ['playback'] });
    const shy = gate.asks('shy');
    gate.reads(done('resp_0'));
    expect([bold.verdict, shy.verdict]).toEqual(['admit', 'hold: response-active, playback']);
  });
});
