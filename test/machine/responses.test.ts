import { describe, expect, it } from 'vitest';
import { conflict, created, done, firstItem, given, textDelta, turn, itemAdded, type Bench } from './bench.js';

/** A create of ours is refused because of a response that no frame has named yet. */
const named = (): Bench => {
  const bench = given();
  bench.asks('greeting', { params: {} });
  bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
  return bench;
};

describe('a response that a conflict named', () => {
  it('holds the slot before its created is read', () => {
    expect(named().shut).toEqual(['response-active']);
  });

  it('holds it again at its own created, and supersedes nothing', () => {
    const bench = named();
    bench.reads(textDelta('resp_2'), created('resp_1'), done('resp_1'));
    expect([bench.shut, bench.created]).toEqual([['response-active'], ['greeting']]);
    bench.reads(done('resp_2'));
    expect(bench.created).toHaveLength(2);
  });

  it('is told as the server’s own at its created', () => {
    const bench = named();
    bench.reads(created('resp_1'));
    expect(bench.notices).toContainEqual({
      kind: 'created',
      response: 'resp_1',
      purpose: null,
      request: null,
      requests: [],
    });
  });

  it('is superseded by a newer one, and takes its own place again at its created', () => {
    const bench = named();
    bench.reads(created('resp_2'));
    expect(bench.session.responses.open.get('resp_1')?.state).toBe('superseded');
    bench.reads(created('resp_1'));
    expect(bench.session.responses.open.get('resp_1')?.state).toBe('open');
    bench.reads(done('resp_2'));
    expect(bench.shut).toEqual(['response-active']);
    bench.reads(done('resp_1'));
    expect(bench.created).toHaveLength(2);
  });

  it('that is ours stays ours', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1', { params: {} });
    bench.reads(created('resp_2'));
    bench.reads(done('resp_2'));
    bench.asks('reply', { params: {} });
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(bench.session.responses.open.get('resp_1')).toMatchObject({ state: 'open', purpose: 'story' });
    bench.reads(done('resp_1'));
    expect(story.outcome).toBe('completed');
  });

  it('is ours, if its created bears our token after all', () => {
    const bench = given();
    const greeting = bench.asks('greeting', { params: {} });
    bench.reads(conflict(null, 'resp_1'));
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    expect([greeting.outcome, bench.created]).toEqual(['completed', ['greeting']]);
  });
});

describe('a conflict that is not ours', () => {
  it('never makes a response of ours the server’s', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1');
    bench.reads(conflict('event_of_another', 'resp_1'), done('resp_1'));
    expect(story.outcome).toBe('completed');
  });

  it('opens no entry for the response that it names', () => {
    const bench = given();
    bench.reads(conflict('event_of_another', 'resp_1'));
    expect(bench.session.responses.open.size).toBe(0);
  });
});

describe('a superseded response', () => {
  const superseded = (): Bench => {
    const bench = given();
    bench.reads(textDelta('resp_1'), created('resp_2'));
    return bench;
  };

  it('holds the slot again at its own created, and supersedes nothing', () => {
    const bench = superseded();
    bench.reads(created('resp_1'), done('resp_2'));
    expect(bench.shut).toEqual(['response-active']);
    bench.reads(done('resp_1'));
    expect(bench.shut).toEqual([]);
  });

  it('ends for itself', () => {
    const bench = superseded();
    bench.reads(done('resp_1'));
    expect(bench.shut).toEqual(['response-active']);
    expect(bench.notices).toContainEqual(expect.objectContaining({ kind: 'ended', response: 'resp_1' }));
  });

  it('ends at its watchdog', () => {
    const bench = superseded();
    bench.reads(done('resp_2', 'cancelled'));
    bench.waits(60_000);
    expect(bench.faults).toEqual(['The server never ended the response resp_1.']);
  });

  it('is lost with the connection', () => {
    const bench = superseded();
    bench.loses();
    expect(bench.notices.filter(({ kind }) => kind === 'ended')).toHaveLength(2);
  });
});

describe('a late created', () => {
  const unanswered = (): Bench => {
    const bench = given();
    bench.asks('story', { params: {} });
    bench.waits(10_000);
    return bench;
  };

  it('counts once: a second one with the same token counts as the server’s own', () => {
    const bench = unanswered();
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    bench.creates('resp_2');
    expect(bench.notices).toContainEqual(expect.objectContaining({ response: 'resp_2', purpose: null }));
  });

  it('is forgotten with the connection', () => {
    const bench = unanswered();
    bench.loses();
    expect(bench.session.requests.late.size).toBe(0);
  });

  it('knows also what its request was, out of band', () => {
    const bench = given();
    bench.asks('aside', { params: { conversation: 'none' } });
    bench.waits(10_000);
    bench.creates('resp_1', { conversation_id: null });
    expect(bench.shut).toEqual([]);
    expect(bench.notices).toContainEqual(expect.objectContaining({ response: 'resp_1', purpose: 'aside' }));
  });
});

describe('a response of ours', () => {
  it('is out of band by its request, whatever conversation the server names', () => {
    const bench = given();
    bench.asks('aside', { params: { conversation: 'none' } });
    bench.creates('resp_1');
    expect(bench.shut).toEqual([]);
  });

  it('is told as created once, also at its end', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1'));
    expect(bench.notices.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  });

  it('that was to be cancelled, and of which only the end is read, is cancelled no more', () => {
    const bench = given();
    bench.asks('story').cancels();
    bench.reads(done('resp_1', 'completed', { metadata: bench.lastCreate.metadata }));
    expect(bench.cancelled).toEqual([]);
  });

  it('answers its request and all that was merged with it, ours first', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    const first = bench.asks('first');
    const second = bench.asks('second');
    bench.reads(done('resp_0'));
    bench.creates('resp_1');
    expect(bench.notices).toContainEqual({
      kind: 'created',
      response: 'resp_1',
      purpose: 'first',
      request: 1,
      requests: [first.id, second.id],
    });
  });

  it('that was answered by the way ends for those that merged into it, too', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'), ...turn());
    const reply = bench.asks('reply');
    bench.reads(created('resp_1'), firstItem('resp_1'), done('resp_1', 'incomplete'));
    expect(reply.outcome).toBe('incomplete');
  });

  it('is told of with the milliseconds of audio that it brought', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.step({
      type: 'frame',
      event: { type: 'response.output_audio.delta', response_id: 'resp_1', item_id: 'item_1' },
      audioBytes: 4_824,
    });
    bench.reads(done('resp_1'));
    expect(bench.notices).toContainEqual(
      expect.objectContaining({ kind: 'ended', outcome: expect.objectContaining({ audioMs: 101 }) }),
    );
  });
});
