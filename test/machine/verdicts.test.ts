import { describe, expect, it } from 'vitest';
import {
  conflict,
  created,
  done,
  firstItem,
  given,
  itemAdded,
  refusal,
  speechStarted,
  speechStopped,
  turn,
  type Bench,
} from './bench.js';

describe('admit', () => {
  it('is given when every guard is open, and the frame is written in the same step', () => {
    const bench = given();
    const { frames } = bench.step({
      type: 'respond',
      ask: {
        id: 1,
        purpose: 'greeting',
        params: null,
        whenBlocked: 'hold',
        override: [],
        interrupt: false,
        holdForMs: 1,
        origin: 'user',
        depth: 0,
        attempt: 0,
        root: null,
        unseenBefore: 0,
        withdrawn: false,
      },
    });
    expect(frames.map(({ type }) => type)).toEqual(['response.create']);
  });

  it('carries the parameters that were asked for, with the purpose, a token and the overrides in the metadata', () => {
    const bench = given();
    bench.asks('greeting', {
      params: { instructions: 'Wave.', metadata: { mine: 'yes' } },
      override: ['user-speaking', 'loop'],
    });
    expect(bench.written[0]).toMatchObject({
      response: {
        instructions: 'Wave.',
        metadata: { mine: 'yes', gated_purpose: 'greeting', gated_override: 'user-speaking,loop' },
      },
    });
  });

  it('names no override where there is none, and replaces metadata that is none', () => {
    const bench = given();
    bench.asks('greeting', { params: { metadata: 'x' } });
    expect(Object.keys(bench.lastCreate.metadata)).toEqual(['gated_token', 'gated_purpose']);
  });

  it('is told by itself: nothing was held', () => {
    const bench = given();
    bench.asks('greeting');
    expect(bench.notices.map(({ kind }) => kind)).toEqual(['admitted', 'record']);
  });

  it('is told once, though its create was put back and went again', () => {
    const bench = given();
    bench.asks('greeting');
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'), done('resp_1'));
    expect(bench.created).toEqual(['greeting', 'greeting']);
    expect(bench.notices.filter(({ kind }) => kind === 'admitted')).toHaveLength(1);
    expect(bench.records).toHaveLength(1);
  });

  it('never uses an id twice', () => {
    const bench = given();
    for (let count = 0; count < 4; count++) {
      bench.speaks('remark', `resp_${count}`);
      bench.reads(done(`resp_${count}`));
    }
    const ids = bench.written.flatMap((frame) => [frame['event_id']]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('hold', () => {
  it('is given when only transient guards are shut, and names them all', () => {
    const bench = given();
    bench.reads(created('resp_1'), speechStarted());
    expect(bench.asks('reply').verdict).toBe('hold: user-speaking, response-active');
    expect(bench.created).toEqual([]);
  });

  it('ends as admit once all of them are open', () => {
    const bench = given();
    bench.reads(created('resp_1'), speechStarted());
    const reply = bench.asks('reply');
    bench.reads(speechStopped());
    expect(reply.verdict).toMatch(/^hold/);
    bench.reads(done('resp_1'));
    expect(reply.verdict).toBe('admit');
  });

  it('is withdrawn: nothing was sent, and nothing will be', () => {
    const bench = given();
    bench.reads(speechStarted());
    const reply = bench.asks('reply');
    reply.withdraws();
    bench.reads(speechStopped());
    expect([reply.verdict, reply.outcome]).toEqual(['refuse: withdrawn', 'unsent by withdrawn']);
    expect(bench.created).toEqual([]);
  });

  it('is withdrawn by cancel() as well', () => {
    const bench = given();
    bench.reads(speechStarted());
    const reply = bench.asks('reply');
    reply.cancels();
    expect(reply.verdict).toBe('refuse: withdrawn');
  });

  it('cannot be withdrawn once it is settled', () => {
    const bench = given();
    const reply = bench.asks('reply');
    reply.withdraws();
    bench.creates('resp_1');
    reply.withdraws();
    expect([reply.verdict, reply.outcome, bench.cancelled]).toEqual(['admit', 'open', []]);
  });

  it('is bounded in number: one more is refused as queue-full', () => {
    const bench = given({ limits: { held: 2 } });
    bench.reads(speechStarted());
    bench.asks('one');
    bench.asks('two');
    const three = bench.asks('three');
    expect([three.verdict, three.outcome]).toEqual(['refuse: queue-full', 'unsent by queue-full']);
    expect(bench.asks('four', { interrupt: true }).verdict).toBe('refuse: queue-full');
  });

  it('that is full turns away nobody to whom every guard is open', () => {
    const bench = given({ limits: { held: 1 } });
    bench.reads(speechStarted());
    bench.asks('reply');
    expect(bench.asks('aside', { params: { conversation: 'none' } }).verdict).toBe('admit');
  });

  it('is bounded in time: it expires', () => {
    const bench = given();
    bench.reads(speechStarted());
    const reply = bench.asks('reply', { holdForMs: 100 });
    bench.waits(99);
    expect(reply.verdict).toBe('hold: user-speaking');
    bench.waits(1);
    expect([reply.verdict, reply.outcome]).toEqual(['refuse: expired', 'unsent by expired']);
  });
});

describe('hold-this-turn', () => {
  const held = (): { bench: Bench; nudge: ReturnType<Bench['asks']> } => {
    const bench = given({ detection: 'quiet' });
    bench.reads(created('resp_1'));
    return { bench, nudge: bench.asks('nudge', { whenBlocked: 'hold-this-turn' }) };
  };

  it('lapses as expired once the user takes a turn', () => {
    const { bench, nudge } = held();
    bench.reads(speechStarted());
    expect([nudge.verdict, nudge.outcome]).toEqual(['refuse: expired', 'unsent by expired']);
  });

  it("lapses at userTurn('begins') as well", () => {
    const { bench, nudge } = held();
    bench.turns('begins');
    expect(nudge.verdict).toBe('refuse: expired');
  });

  it('waits like any other until then', () => {
    const { bench, nudge } = held();
    bench.reads(done('resp_1'));
    expect(nudge.verdict).toBe('admit');
  });

  it('that is asked during a turn lapses with the next one, not with more of the same', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted('item_1'));
    const nudge = bench.asks('nudge', { whenBlocked: 'hold-this-turn' });
    bench.reads(speechStarted('item_2'));
    bench.turns('begins');
    bench.turns('ends');
    expect(nudge.verdict).toBe('hold: user-speaking');
    bench.reads(created('resp_1'), speechStopped('item_2'), speechStarted('item_3'));
    expect(nudge.verdict).toBe('refuse: expired');
  });

  it('lapses also if the turn began while its create was out and was refused', () => {
    const bench = given({ detection: 'automatic' });
    const greeting = bench.asks('greeting', { whenBlocked: 'hold-this-turn' });
    bench.reads(...turn(), conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(greeting.outcome).toBe('unsent by expired');
    bench.reads(created('resp_1'), done('resp_1'));
    expect(bench.created).toEqual(['greeting']);
  });

  it('outlives a conflict that no turn of the user has brought about', () => {
    const bench = given();
    const greeting = bench.asks('greeting', { whenBlocked: 'hold-this-turn' });
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'), done('resp_1'));
    expect(bench.created).toEqual(['greeting', 'greeting']);
    expect(greeting.outcome).toBe('open');
  });
});

describe('refuse', () => {
  it('is given at once to a request that does not wait', () => {
    const bench = given();
    bench.reads(speechStarted());
    const reply = bench.asks('reply', { whenBlocked: 'refuse' });
    expect([reply.verdict, reply.outcome]).toEqual(['refuse: user-speaking', 'unsent by user-speaking']);
  });

  it('is told by itself: nothing was held', () => {
    const bench = given();
    bench.reads(speechStarted());
    bench.asks('reply', { whenBlocked: 'refuse' });
    expect(bench.notices.map(({ kind }) => kind)).toEqual(['refused', 'record', 'ended']);
    expect(bench.records[0]?.heldBy).toEqual([]);
  });

  it('names a terminal guard before a transient one', () => {
    const bench = given();
    bench.reads(speechStarted());
    bench.hangsUp({ onBargeIn: 'hang-up' });
    expect(bench.asks('reply', { whenBlocked: 'refuse' }).verdict).toBe('refuse: hangup-pending');
  });

  it('says what was in the way, for people', () => {
    const bench = given();
    bench.closes();
    bench.asks('reply');
    expect(bench.notices).toContainEqual(expect.objectContaining({ message: 'The session is being closed.' }));
  });

  it('settles a create that was out and comes back to a shut guard, if it does not wait', () => {
    const bench = given();
    const reply = bench.asks('reply', { whenBlocked: 'refuse' });
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(reply.outcome).toBe('unsent by response-active');
    expect(reply.verdict).toBe('admit');
  });

  it('does not settle one that comes back to open guards: it goes again', () => {
    const bench = given();
    bench.reads(created('resp_1'), done('resp_1'));
    const reply = bench.asks('reply', { whenBlocked: 'refuse' });
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(reply.outcome).toBe('open');
    expect(bench.created).toHaveLength(2);
  });
});

describe('the record', () => {
  it('is one for each request, when its verdict is settled', () => {
    const bench = given();
    bench.asks('one');
    bench.asks('two', { holdForMs: 50 });
    bench.asks('three', { whenBlocked: 'refuse' });
    bench.waits(50);
    expect(bench.records.map(({ purpose, verdict, by }) => [purpose, verdict, by])).toEqual([
      ['one', 'admit', null],
      ['three', 'refuse', 'response-active'],
      ['two', 'refuse', 'expired'],
    ]);
  });

  it('says what held it, what it overrode, in which epoch, and when', () => {
    const bench = given();
    bench.now = 10;
    bench.reads(speechStarted(), created('resp_1'));
    bench.asks('reply', { override: ['playback'] });
    bench.now = 30;
    bench.reads(done('resp_1'), speechStopped());
    expect(bench.records).toEqual([
      {
        purpose: 'reply',
        verdict: 'admit',
        by: null,
        outcome: null,
        heldBy: ['user-speaking', 'response-active'],
        overrides: ['playback'],
        epoch: 1,
        askedAt: 10,
        settledAt: 30,
        request: 1,
        sinceLastMs: null,
        response: null,
      },
    ]);
  });

  it('stays one when the create is refused, put back, merged or lost', () => {
    const bench = given({ detection: 'automatic' });
    bench.sends('item_1');
    bench.reads(itemAdded('item_1'));
    bench.asks('reply');
    bench.reads(...turn(), conflict(bench.lastCreate.eventId, 'resp_1'), created('resp_1'), firstItem('resp_1'));
    bench.reads(done('resp_1'));
    bench.asks('other', { params: {} });
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    bench.asks('third', { params: {} });
    bench.loses();
    expect(bench.records.map(({ purpose, verdict }) => [purpose, verdict])).toEqual([
      ['reply', 'admit'],
      ['other', 'admit'],
      ['third', 'admit'],
    ]);
  });
});
