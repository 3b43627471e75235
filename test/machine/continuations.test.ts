import { describe, expect, it } from 'vitest';
import {
  audioDelta,
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
/** An item has been sent and added, the user is speaking, and a request waits. */
const waiting = (options: Options = {}): { bench: Bench; asked: ReturnType<Bench['asks']> } => {
  const bench = given({ detection: 'automatic' });
  bench.sends('item_1');
  bench.reads(itemAdded('item_1'), speechStarted());
  return { bench, asked: bench.asks('reply', options) };
};
const answers = (bench: Bench): void =>
  bench.reads(speechStopped(), committed(), created('resp_1'), firstItem('resp_1'));

describe('a continuation', () => {
  it.each<[string, Options]>([
    ['the follow-up of a tool round', { origin: 'follow-up' }],
    ['a respond() without parameters, after an item', {}],
  ])('is %s: it merges into the answer of the server', (_, options) => {
    const { bench, asked } = waiting(options);
    answers(bench);
    expect(asked.verdict).toBe('merge: resp_1');
    bench.reads(done('resp_1'));
    expect(asked.outcome).toBe('completed');
    expect(bench.created).toEqual([]);
  });

  it.each<[string, Options]>([
    ['a respond() with parameters of its own', { params: { instructions: 'Wave.' } }],
    ['the remark of a tool', { origin: 'remark' }],
    ['a farewell', { origin: 'farewell' }],
  ])('is not %s: it goes out by itself', (_, options) => {
    const { bench, asked } = waiting(options);
    answers(bench);
    bench.reads(done('resp_1'));
    expect(asked.verdict).toBe('admit');
  });

  it('is not a request before which nothing was sent: a greeting greets', () => {
    const bench = given({ detection: 'automatic' });
    bench.reads(speechStarted());
    const greeting = bench.asks('greeting');
    answers(bench);
    bench.reads(done('resp_1'));
    expect(greeting.verdict).toBe('admit');
  });

  it('may follow a commit of ours', () => {
    const bench = given({ detection: 'automatic' });
    bench.commits();
    bench.reads(committed('item_mine'), itemAdded('item_mine'), speechStarted());
    const asked = bench.asks('reply');
    answers(bench);
    expect(asked.verdict).toBe('merge: resp_1');
  });
});

describe('merging into an answer of the server', () => {
  it('happens at its first item, not at its created', () => {
    const { bench, asked } = waiting();
    bench.reads(speechStopped(), committed(), created('resp_1'));
    expect(asked.verdict).toBe('hold: user-speaking');
    bench.reads(firstItem('resp_1'));
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not happen if it ends before that: the request stays held, and goes', () => {
    const { bench, asked } = waiting();
    bench.reads(speechStopped(), committed(), created('resp_1'), done('resp_1', 'cancelled'));
    expect(asked.verdict).toBe('admit');
  });

  it('happens on timeout_triggered as well', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'), timeoutTriggered());
    const asked = bench.asks('reply');
    bench.reads(committed(), created('resp_1'), firstItem('resp_1'));
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not happen if the item was added after the trigger: it was not seen', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(speechStarted(), speechStopped(), itemAdded('item_1'), committed());
    const asked = bench.asks('reply');
    bench.reads(created('resp_1'), firstItem('resp_1'));
    expect(asked.verdict).toBe('hold: response-imminent');
    bench.reads(done('resp_1'));
    expect(asked.verdict).toBe('admit');
  });

  it('waits for every item that was sent before the request, in whatever order they are added', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.sends('item_2');
    bench.reads(itemAdded('item_2'), speechStarted());
    const asked = bench.asks('reply');
    answers(bench);
    expect(asked.verdict).toBe('hold: user-speaking');
  });

  it('does not wait for items that were sent after the request', () => {
    const { bench, asked } = waiting();
    bench.sends('item_2');
    answers(bench);
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not wait for an item that the server refused', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    const refused = bench.sends('item_2');
    bench.reads(itemAdded('item_1'), refusal('invalid_value', refused['event_id'] as string), speechStarted());
    const asked = bench.asks('reply');
    answers(bench);
    expect(asked.verdict).toBe('merge: resp_1');
  });

  it('does not happen with a response without a trigger: of another connection, say', () => {
    const bench = given({ detection: 'quiet' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'), ...turn(), speechStarted());
    const asked = bench.asks('reply');
    bench.reads(created('resp_1'), firstItem('resp_1'), done('resp_1'), speechStopped());
    expect(asked.verdict).toBe('admit');
  });

  it('does not happen with a response that was created before the request', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'), ...turn(), created('resp_1'));
    const asked = bench.asks('reply');
    bench.reads(firstItem('resp_1'), done('resp_1'));
    expect(asked.verdict).toBe('admit');
  });

  it('does not happen with a response of ours, nor with one out of band', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'), ...turn(), created('resp_1'), done('resp_1'));
    bench.speaks('story', 'resp_2', { params: {} });
    const asked = bench.asks('reply');
    bench.reads(firstItem('resp_2'), created('resp_aside', { conversation_id: null }), firstItem('resp_aside'));
    expect(asked.verdict).toBe('hold: response-active');
  });

  it('takes every continuation that waits, and leaves the others', () => {
    const { bench, asked } = waiting();
    const second = bench.asks('second');
    const third = bench.asks('third', { params: { instructions: 'Wave.' } });
    answers(bench);
    expect([asked.verdict, second.verdict]).toEqual(['merge: resp_1', 'merge: resp_1']);
    expect(third.verdict).toBe('hold: user-speaking');
  });

  it('happens to what is put back, if the conflict is read before the created', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'));
    const asked = bench.asks('reply');
    bench.reads(...turn(), conflict(bench.lastCreate.eventId, 'resp_1'), created('resp_1'), firstItem('resp_1'));
    bench.reads(done('resp_1'));
    expect([asked.verdict, asked.response, asked.outcome]).toEqual(['admit', 'resp_1', 'completed']);
    expect(bench.created).toEqual(['reply']);
  });

  it('happens to what is put back, if the conflict is read after the created', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'));
    const asked = bench.asks('reply');
    bench.reads(...turn(), created('resp_1'), conflict(bench.lastCreate.eventId, 'resp_1'), firstItem('resp_1'));
    bench.reads(done('resp_1'));
    expect([asked.response, asked.outcome]).toEqual(['resp_1', 'completed']);
    expect(bench.created).toEqual(['reply']);
  });

  it('does not happen to what is put back while the answer has not begun', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'));
    const asked = bench.asks('reply');
    bench.reads(...turn(), created('resp_1'), conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(asked.response).toBeUndefined();
    bench.reads(done('resp_1', 'cancelled'));
    expect(bench.created).toEqual(['reply', 'reply']);
  });

  it('happens to what is put back even after the first item', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'));
    const asked = bench.asks('reply');
    bench.reads(...turn(), created('resp_1'), firstItem('resp_1'), conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(asked.response).toBe('resp_1');
    bench.reads(done('resp_1'));
    expect(asked.outcome).toBe('completed');
  });

  it('does not happen to what is put back if the answer began before it was asked for', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'), ...turn(), created('resp_1'), firstItem('resp_1'));
    bench.reads(created('resp_2'), done('resp_2'));
    const asked = bench.asks('reply');
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(asked.response).toBeUndefined();
    bench.reads(done('resp_1'));
    expect(bench.created).toEqual(['reply', 'reply']);
  });

  it('is not done by an item of a response that nobody knows', () => {
    const { bench, asked } = waiting();
    bench.reads(firstItem('resp_unknown'));
    expect(asked.verdict).toBe('hold: user-speaking');
  });
});

describe('all continuations that wait when the slot opens', () => {
  const held = (): { bench: Bench; first: ReturnType<Bench['asks']>; second: ReturnType<Bench['asks']> } => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    return { bench, first: bench.asks('first'), second: bench.asks('second', { origin: 'follow-up' }) };
  };

  it("go out as one create, with the first's purpose", () => {
    const { bench, first, second } = held();
    bench.reads(done('resp_0'));
    expect(bench.created).toEqual(['first']);
    expect([first.verdict, second.verdict]).toEqual(['admit', `merge: request ${first.id}`]);
  });

  it('end together', () => {
    const { bench, first, second } = held();
    bench.reads(done('resp_0'));
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    expect([first.outcome, second.outcome]).toEqual(['completed', 'completed']);
    expect(bench.created).toEqual(['first']);
  });

  it('do not take along what is no continuation', () => {
    const { bench } = held();
    const other = bench.asks('other', { params: { instructions: 'Wave.' } });
    bench.reads(done('resp_0'));
    expect(other.verdict).toBe('hold: response-active');
  });

  it('do not go out with what is no continuation, when that comes first', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    const other = bench.asks('other', { params: { instructions: 'Wave.' } });
    const reply = bench.asks('reply');
    bench.reads(done('resp_0'));
    expect([other.verdict, reply.verdict]).toEqual(['admit', 'hold: response-active']);
  });

  it('do not take along what another guard is shut to', () => {
    const bench = given({ playback: 'waits' });
    bench.reads(created('resp_x'), audioDelta('resp_x', 9_000), done('resp_x'));
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    const bold = bench.asks('bold', { override: ['playback'] });
    const shy = bench.asks('shy');
    bench.reads(done('resp_0'));
    expect([bold.verdict, shy.verdict]).toEqual(['admit', 'hold: response-active, playback']);
  });
});
