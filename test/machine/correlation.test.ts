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
    const gate = given();
    const greeting = gate.asks('greeting');
    gate.reads(created('resp_other'));
    gate.creates('resp_1');
    expect(greeting.response).toBe('resp_1');
    gate.reads(done('resp_other'));
    expect(greeting.outcome).toBe('open');
    gate.reads(done('resp_1'));
    expect(greeting.outcome).toBe('completed');
  });

  it('knows it by the token in done, if created was never read', () => {
    const gate = given();
    const greeting = gate.asks('greeting');
    gate.reads(done('resp_1', 'completed', { metadata: gate.lastCreate.metadata }));
    expect([greeting.response, greeting.outcome]).toEqual(['resp_1', 'completed']);
  });

  it('takes a response with a token that it never gave for the doing of somebody else', () => {
    const gate = given();
    const greeting = gate.asks('greeting');
    gate.reads(created('resp_9', { metadata: { gated_token: 'another_1', gated_purpose: 'greeting' } }));
    expect(greeting.response).toBeUndefined();
    expect(gate.notices).toContainEqual(expect.objectContaining({ kind: 'created', purpose: null }));
  });

  it('knows its errors by the event_id, whatever their code', () => {
    const gate = given();
    const greeting = gate.asks('greeting');
    gate.reads(refusal('server_error', gate.lastCreate.eventId, 'Try again.'));
    expect([greeting.verdict, greeting.outcome]).toEqual(['admit', 'unsent by rejected']);
    expect(gate.notices).toContainEqual(
      expect.objectContaining({ outcome: { status: 'unsent', by: 'rejected', message: 'Try again.' } }),
    );
  });

  it('bears an error without any words', () => {
    const gate = given();
    const greeting = gate.asks('greeting');
    gate.reads({ type: 'error', error: { event_id: gate.lastCreate.eventId } }, { type: 'error' });
    expect(greeting.outcome).toBe('unsent by rejected');
  });

  it('takes a conflict without an event_id for that of the only default create that is out', () => {
    const gate = given();
    gate.asks('aside', { params: { conversation: 'none' } });
    gate.asks('greeting');
    gate.reads(conflict(null, 'resp_1'), done('resp_1'));
    expect(gate.created).toEqual(['aside', 'greeting', 'greeting']);
  });

  it('takes a conflict without an event_id for nothing, if no create is out', () => {
    const gate = given();
    gate.reads(conflict(null, 'resp_1'));
    expect(gate.shut).toEqual([]);
  });
});

describe('a request that the slot was taken from', () => {
  const putBack = (
    options: Parameters<Bench['asks']>[1] = {},
    limits = {},
  ): { gate: Bench; reply: ReturnType<Bench['asks']> } => {
    const gate = given({ limits });
    const reply = gate.asks('reply', { params: {}, ...options });
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'));
    return { gate, reply };
  };

  it('goes back to the head of the queue', () => {
    const gate = given();
    gate.asks('first', { params: {} });
    gate.asks('second', { params: {} });
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'), done('resp_9'));
    expect(gate.created).toEqual(['first', 'first']);
  });

  it('is decided anew by every guard: it does not go while the user is speaking', () => {
    const { gate, reply } = putBack();
    gate.reads(speechStarted(), done('resp_9'));
    expect(gate.created).toHaveLength(1);
    gate.reads(speechStopped());
    expect(gate.created).toHaveLength(2);
    expect(reply.outcome).toBe('open');
  });

  it('is decided anew by terminal guards: its outcome is unsent, its verdict stands', () => {
    const { gate, reply } = putBack();
    gate.step({ type: 'know', fact: 'hangup' });
    expect([reply.verdict, reply.outcome]).toEqual(['admit', 'unsent by hangup-pending']);
  });

  it('keeps its handle: the response that comes in the end is its', () => {
    const { gate, reply } = putBack();
    gate.reads(done('resp_9'));
    gate.creates('resp_1');
    gate.reads(done('resp_1'));
    expect([reply.response, reply.outcome]).toEqual(['resp_1', 'completed']);
  });

  it('carries another token the second time: an echo of the first is not taken for it', () => {
    const gate = given();
    gate.asks('reply', { params: {} });
    const first = gate.lastToken;
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'), done('resp_9'));
    expect(gate.lastToken).not.toBe(first);
  });

  it('expires like any other', () => {
    const { gate, reply } = putBack({ holdForMs: 100 });
    gate.waits(100);
    expect([reply.verdict, reply.outcome]).toEqual(['admit', 'unsent by expired']);
  });

  it('can be withdrawn and cancelled like any other', () => {
    const { gate, reply } = putBack();
    reply.cancels();
    gate.reads(done('resp_9'));
    expect(reply.outcome).toBe('unsent by withdrawn');
    expect(gate.created).toHaveLength(1);
  });

  it('is put back so many times, and then rejected', () => {
    const { gate, reply } = putBack({}, { conflicts: 3 });
    for (let count = 0; count < 3; count++) gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'), done('resp_9'));
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'));
    expect(reply.outcome).toBe('unsent by rejected');
    expect(gate.shut).toEqual([]);
  });

  it('takes along those that were merged with it', () => {
    const gate = given();
    gate.sends('item_1');
    gate.reads(created('resp_0'));
    const first = gate.asks('first');
    const second = gate.asks('second');
    gate.reads(done('resp_0'));
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'));
    expect([first.outcome, second.outcome]).toEqual(['open', 'open']);
    gate.reads(done('resp_9'));
    gate.creates('resp_1');
    gate.reads(done('resp_1'));
    expect([first.outcome, second.outcome]).toEqual(['completed', 'completed']);
  });

  it('takes along those that were merged with it also when it comes to nothing', () => {
    const gate = given();
    gate.sends('item_1');
    gate.reads(created('resp_0'));
    gate.asks('first');
    const second = gate.asks('second');
    gate.reads(done('resp_0'));
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'));
    gate.step({ type: 'close' });
    expect(second.outcome).toBe('unsent by closing');
  });

  it('waits for the automatic answer, where the message names no id, until its deadline', () => {
    const gate = given();
    gate.asks('reply', { params: {} });
    gate.reads(conflict(gate.lastCreate.eventId));
    expect(gate.shut).toEqual(['response-imminent']);
    gate.waits(399);
    expect(gate.created).toHaveLength(1);
    gate.waits(1);
    expect(gate.created).toHaveLength(2);
  });

  it('is not decided by anything in the message but the id', () => {
    const gate = given();
    const reply = gate.asks('reply', { params: {} });
    gate.reads(refusal('rate_limit_exceeded', gate.lastCreate.eventId, `${CONFLICT} resp_9`));
    expect(reply.outcome).toBe('unsent by rejected');
    expect(gate.shut).toEqual([]);
  });

  it('is rejected, not put back, if it was out of band: it needs no slot', () => {
    const gate = given();
    const aside = gate.asks('aside', { params: { conversation: 'none' } });
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'));
    expect(aside.outcome).toBe('unsent by rejected');
  });
});
