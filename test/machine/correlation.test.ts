import { describe, expect, it } from 'vitest';
import {
  conflict,
  CONFLICT,
  created,
  done,
  given,
  refusal,
  speechStarted,
  speechStopped,
  type Bench,
} from './bench.js';

describe('correlation', () => {
  it('knows its response by the token in created, whatever else the server says of it', () => {
    const bench = given();
    const greeting = bench.asks('greeting');
    bench.reads(created('resp_other'));
    bench.creates('resp_1');
    expect(greeting.response).toBe('resp_1');
    bench.reads(done('resp_other'));
    expect(greeting.outcome).toBe('open');
    bench.reads(done('resp_1'));
    expect(greeting.outcome).toBe('completed');
  });

  it('knows it by the token in done, if created was never read', () => {
    const bench = given();
    const greeting = bench.asks('greeting');
    bench.reads(done('resp_1', 'completed', { metadata: bench.lastCreate.metadata }));
    expect([greeting.response, greeting.outcome]).toEqual(['resp_1', 'completed']);
  });

  it('takes a response with a token that it never gave for the doing of somebody else', () => {
    const bench = given();
    const greeting = bench.asks('greeting');
    bench.reads(created('resp_9', { metadata: { gated_token: 'another_1', gated_purpose: 'greeting' } }));
    expect(greeting.response).toBeUndefined();
    expect(bench.notices).toContainEqual(expect.objectContaining({ kind: 'created', purpose: null }));
  });

  it('takes an empty token for none: a request that waits has none yet', () => {
    const bench = given();
    bench.reads(created('resp_1'));
    const reply = bench.asks('reply');
    bench.reads(created('resp_2', { metadata: { gated_token: '' } }));
    expect([reply.response, reply.verdict]).toEqual([undefined, 'hold: response-active']);
  });

  it('knows its errors by the event_id, whatever their code', () => {
    const bench = given();
    const greeting = bench.asks('greeting');
    bench.reads(refusal('server_error', bench.lastCreate.eventId, 'Try again.'));
    expect([greeting.verdict, greeting.outcome]).toEqual(['admit', 'unsent by rejected']);
    expect(bench.notices).toContainEqual(
      expect.objectContaining({ outcome: { status: 'unsent', by: 'rejected', message: 'Try again.' } }),
    );
  });

  it('bears an error without any words', () => {
    const bench = given();
    const greeting = bench.asks('greeting');
    bench.reads({ type: 'error', error: { event_id: bench.lastCreate.eventId } }, { type: 'error' });
    expect(greeting.outcome).toBe('unsent by rejected');
  });

  it('takes a conflict without an event_id for that of the only default create that is out', () => {
    const bench = given();
    bench.asks('aside', { params: { conversation: 'none' } });
    bench.asks('greeting');
    bench.reads(conflict(null, 'resp_1'), done('resp_1'));
    expect(bench.created).toEqual(['aside', 'greeting', 'greeting']);
  });

  it('takes a conflict without an event_id for nothing, if no create is out', () => {
    const bench = given();
    bench.reads(conflict(null, 'resp_1'));
    expect(bench.shut).toEqual([]);
  });
});

describe('a request that the slot was taken from', () => {
  const putBack = (
    options: Parameters<Bench['asks']>[1] = {},
    limits = {},
  ): { bench: Bench; reply: ReturnType<Bench['asks']> } => {
    const bench = given({ limits });
    const reply = bench.asks('reply', { params: {}, ...options });
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    return { bench, reply };
  };

  it('goes back to the head of the queue', () => {
    const bench = given();
    bench.asks('first', { params: {} });
    bench.asks('second', { params: {} });
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), done('resp_9'));
    expect(bench.created).toEqual(['first', 'first']);
  });

  it('is decided again by every guard: it is not sent while the user is speaking', () => {
    const { bench, reply } = putBack();
    bench.reads(speechStarted(), done('resp_9'));
    expect(bench.created).toHaveLength(1);
    bench.reads(speechStopped());
    expect(bench.created).toHaveLength(2);
    expect(reply.outcome).toBe('open');
  });

  it('is decided again by terminal guards: its outcome is unsent, its verdict stands', () => {
    const { bench, reply } = putBack();
    bench.hangsUp();
    expect([reply.verdict, reply.outcome]).toEqual(['admit', 'unsent by hangup-pending']);
  });

  it('keeps its handle: the response that comes in the end is its', () => {
    const { bench, reply } = putBack();
    bench.reads(done('resp_9'));
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    expect([reply.response, reply.outcome]).toEqual(['resp_1', 'completed']);
  });

  it('carries another token the second time: an echo of the first is not taken for it', () => {
    const bench = given();
    bench.asks('reply', { params: {} });
    const first = bench.lastToken;
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), done('resp_9'));
    expect(bench.lastToken).not.toBe(first);
  });

  it('expires like any other', () => {
    const { bench, reply } = putBack({ holdForMs: 100 });
    bench.waits(100);
    expect([reply.verdict, reply.outcome]).toEqual(['admit', 'unsent by expired']);
  });

  it('is the user’s own: if it is not sent, its handle says so, and there is no fault', () => {
    const { bench } = putBack({ holdForMs: 100 });
    bench.waits(100);
    expect(bench.faults).toEqual([]);
  });

  it('is over once it has expired: what comes of its first create after all is not its answer', () => {
    const bench = given();
    const reply = bench.asks('reply', { params: {}, holdForMs: 100 });
    bench.reads(conflict(null, 'resp_9'));
    bench.waits(100);
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    expect([reply.response, reply.outcome]).toEqual([undefined, 'unsent by expired']);
  });

  it('can be withdrawn and cancelled like any other', () => {
    const { bench, reply } = putBack();
    reply.cancels();
    bench.reads(done('resp_9'));
    expect(reply.outcome).toBe('unsent by withdrawn');
    expect(bench.created).toHaveLength(1);
  });

  it('is put back so many times, and then rejected', () => {
    const { bench, reply } = putBack({}, { conflicts: 3 });
    for (let count = 0; count < 3; count++) bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), done('resp_9'));
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    expect(reply.outcome).toBe('unsent by rejected');
    expect(bench.shut).toEqual([]);
  });

  it('takes along those that were merged with it', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    const first = bench.asks('first');
    const second = bench.asks('second');
    bench.reads(done('resp_0'));
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    expect([first.outcome, second.outcome]).toEqual(['open', 'open']);
    bench.reads(done('resp_9'));
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    expect([first.outcome, second.outcome]).toEqual(['completed', 'completed']);
  });

  it('settles those that were merged with it when it is not sent', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    bench.asks('first');
    const second = bench.asks('second');
    bench.reads(done('resp_0'));
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    bench.closes();
    expect(second.outcome).toBe('unsent by closing');
  });

  it('waits for the automatic answer, where the message names no id, until its deadline', () => {
    const bench = given();
    bench.asks('reply', { params: {} });
    bench.reads(conflict(bench.lastCreate.eventId));
    expect(bench.shut).toEqual(['response-imminent']);
    bench.waits(399);
    expect(bench.created).toHaveLength(1);
    bench.waits(1);
    expect(bench.created).toHaveLength(2);
  });

  it('is not decided by anything in the message but the id', () => {
    const bench = given();
    const reply = bench.asks('reply', { params: {} });
    bench.reads(refusal('rate_limit_exceeded', bench.lastCreate.eventId, `${CONFLICT} resp_9`));
    expect(reply.outcome).toBe('unsent by rejected');
    expect(bench.shut).toEqual([]);
  });

  it('is rejected, not put back, if it was out of band: it needs no slot', () => {
    const bench = given();
    const aside = bench.asks('aside', { params: { conversation: 'none' } });
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    expect(aside.outcome).toBe('unsent by rejected');
  });
});
