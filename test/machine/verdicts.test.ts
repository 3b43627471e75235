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
    const gate = given();
    const { frames } = gate.step({
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
      },
    });
    expect(frames.map(({ type }) => type)).toEqual(['response.create']);
  });

  it('carries the parameters that were asked for, with the purpose, a token and the overrides in the metadata', () => {
    const gate = given();
    gate.asks('greeting', {
      params: { instructions: 'Wave.', metadata: { mine: 'yes' } },
      override: ['user-speaking', 'loop'],
    });
    expect(gate.written[0]).toMatchObject({
      response: {
        instructions: 'Wave.',
        metadata: { mine: 'yes', gated_purpose: 'greeting', gated_override: 'user-speaking,loop' },
      },
    });
  });

  it('names no override where there is none, and replaces metadata that is none', () => {
    const gate = given();
    gate.asks('greeting', { params: { metadata: 'x' } });
    expect(Object.keys(gate.lastCreate.metadata)).toEqual(['gated_token', 'gated_purpose']);
  });

  it('never uses an id twice', () => {
    const gate = given();
    for (let count = 0; count < 4; count++) {
      gate.speaks('remark', `resp_${count}`);
      gate.reads(done(`resp_${count}`));
    }
    const ids = gate.written.flatMap((frame) => [frame['event_id']]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('hold', () => {
  it('is given when only transient guards are shut, and names them all', () => {
    const gate = given();
    gate.reads(created('resp_1'), speechStarted());
    expect(gate.asks('reply').verdict).toBe('hold: user-speaking, response-active');
    expect(gate.created).toEqual([]);
  });

  it('ends as admit once all of them are open', () => {
    const gate = given();
    gate.reads(created('resp_1'), speechStarted());
    const reply = gate.asks('reply');
    gate.reads(speechStopped());
    expect(reply.verdict).toMatch(/^hold/);
    gate.reads(done('resp_1'));
    expect(reply.verdict).toBe('admit');
  });

  it('is withdrawn: nothing was sent, and nothing will be', () => {
    const gate = given();
    gate.reads(speechStarted());
    const reply = gate.asks('reply');
    reply.withdraws();
    gate.reads(speechStopped());
    expect([reply.verdict, reply.outcome]).toEqual(['refuse: withdrawn', 'unsent by withdrawn']);
    expect(gate.created).toEqual([]);
  });

  it('is withdrawn by cancel() as well', () => {
    const gate = given();
    gate.reads(speechStarted());
    const reply = gate.asks('reply');
    reply.cancels();
    expect(reply.verdict).toBe('refuse: withdrawn');
  });

  it('cannot be withdrawn once it is settled', () => {
    const gate = given();
    const reply = gate.asks('reply');
    reply.withdraws();
    gate.creates('resp_1');
    reply.withdraws();
    expect([reply.verdict, reply.outcome, gate.cancelled]).toEqual(['admit', 'open', []]);
  });

  it('is bounded in number: one more is refused as queue-full', () => {
    const gate = given({ limits: { held: 2 } });
    gate.reads(speechStarted());
    gate.asks('one');
    gate.asks('two');
    const three = gate.asks('three');
    expect([three.verdict, three.outcome]).toEqual(['refuse: queue-full', 'unsent by queue-full']);
    expect(gate.asks('four', { interrupt: true }).verdict).toBe('refuse: queue-full');
  });

  it('is bounded in time: it expires', () => {
    const gate = given();
    gate.reads(speechStarted());
    const reply = gate.asks('reply', { holdForMs: 100 });
    gate.waits(99);
    expect(reply.verdict).toBe('hold: user-speaking');
    gate.waits(1);
    expect([reply.verdict, reply.outcome]).toEqual(['refuse: expired', 'unsent by expired']);
  });

  it('that is past its time expires before anybody else asks', () => {
    const gate = given();
    let shut = true;
    const guarded = given({ guards: [{ name: 'mood', kind: 'transient', shut: () => shut }] });
    const late = guarded.asks('late', { holdForMs: 100 });
    guarded.now += 200;
    shut = false;
    guarded.asks('fresh');
    expect(late.verdict).toBe('refuse: expired');
    expect(guarded.created).toEqual(['fresh']);
    expect(gate.created).toEqual([]);
  });
});

describe('hold-this-turn', () => {
  const held = (): { gate: Bench; nudge: ReturnType<Bench['asks']> } => {
    const gate = given({ detection: 'quiet' });
    gate.reads(created('resp_1'));
    return { gate, nudge: gate.asks('nudge', { whenBlocked: 'hold-this-turn' }) };
  };

  it('lapses as expired once the user takes a turn', () => {
    const { gate, nudge } = held();
    gate.reads(speechStarted());
    expect([nudge.verdict, nudge.outcome]).toEqual(['refuse: expired', 'unsent by expired']);
  });

  it("lapses at userTurn('begins') as well", () => {
    const { gate, nudge } = held();
    gate.step({ type: 'turn', edge: 'begins' });
    expect(nudge.verdict).toBe('refuse: expired');
  });

  it('waits like any other until then', () => {
    const { gate, nudge } = held();
    gate.reads(done('resp_1'));
    expect(nudge.verdict).toBe('admit');
  });

  it('that is asked during a turn lapses with the next one, not with more of the same', () => {
    const gate = given({ detection: 'quiet' });
    gate.reads(speechStarted('item_1'));
    const nudge = gate.asks('nudge', { whenBlocked: 'hold-this-turn' });
    gate.reads(speechStarted('item_2'));
    gate.step({ type: 'turn', edge: 'begins' });
    expect(nudge.verdict).toBe('hold: user-speaking');
    gate.reads(created('resp_1'), speechStopped('item_2'), speechStarted('item_3'));
    expect(nudge.verdict).toBe('refuse: expired');
  });

  it('lapses also if the turn began while its create was out and was refused', () => {
    const gate = given({ detection: 'automatic' });
    const greeting = gate.asks('greeting', { whenBlocked: 'hold-this-turn' });
    gate.reads(...turn(), conflict(gate.lastCreate.eventId, 'resp_1'));
    expect(greeting.outcome).toBe('unsent by expired');
    gate.reads(created('resp_1'), done('resp_1'));
    expect(gate.created).toEqual(['greeting']);
  });

  it('outlives a conflict that no turn of the user has brought about', () => {
    const gate = given();
    const greeting = gate.asks('greeting', { whenBlocked: 'hold-this-turn' });
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_1'), done('resp_1'));
    expect(gate.created).toEqual(['greeting', 'greeting']);
    expect(greeting.outcome).toBe('open');
  });
});

describe('refuse', () => {
  it('is given at once to whoever does not wait', () => {
    const gate = given();
    gate.reads(speechStarted());
    const reply = gate.asks('reply', { whenBlocked: 'refuse' });
    expect([reply.verdict, reply.outcome]).toEqual(['refuse: user-speaking', 'unsent by user-speaking']);
  });

  it('names a terminal guard before a transient one', () => {
    const gate = given();
    gate.reads(speechStarted());
    gate.step({ type: 'know', fact: 'hangup' });
    expect(gate.asks('reply', { whenBlocked: 'refuse' }).verdict).toBe('refuse: hangup-pending');
  });

  it('says what was in the way, for people', () => {
    const gate = given();
    gate.step({ type: 'close' });
    gate.asks('reply');
    expect(gate.notices).toContainEqual(expect.objectContaining({ message: 'The session is being closed.' }));
  });

  it('settles a create that was out and comes back to a shut guard, if it does not wait', () => {
    const gate = given();
    const reply = gate.asks('reply', { whenBlocked: 'refuse' });
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_1'));
    expect(reply.outcome).toBe('unsent by response-active');
    expect(reply.verdict).toBe('admit');
  });

  it('does not settle one that comes back to open guards: it goes again', () => {
    const gate = given();
    gate.reads(created('resp_1'), done('resp_1'));
    const reply = gate.asks('reply', { whenBlocked: 'refuse' });
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_1'));
    expect(reply.outcome).toBe('open');
    expect(gate.created).toHaveLength(2);
  });
});

describe('the record', () => {
  it('is one for each request, when its verdict is settled', () => {
    const gate = given();
    gate.asks('one');
    gate.asks('two', { holdForMs: 50 });
    gate.asks('three', { whenBlocked: 'refuse' });
    gate.waits(50);
    expect(gate.records.map(({ purpose, verdict, by }) => [purpose, verdict, by])).toEqual([
      ['one', 'admit', null],
      ['three', 'refuse', 'response-active'],
      ['two', 'refuse', 'expired'],
    ]);
  });

  it('says what held it, what it overrode, in which epoch, and when', () => {
    const gate = given();
    gate.now = 10;
    gate.reads(speechStarted(), created('resp_1'));
    gate.asks('reply', { override: ['playback'] });
    gate.now = 30;
    gate.reads(done('resp_1'), speechStopped());
    expect(gate.records).toEqual([
      {
        purpose: 'reply',
        verdict: 'admit',
        by: null,
        heldBy: ['user-speaking', 'response-active'],
        overrides: ['playback'],
        epoch: 1,
        askedAt: 10,
        settledAt: 30,
      },
    ]);
  });

  it('stays one when the create is refused, put back, merged or lost', () => {
    const gate = given({ detection: 'automatic' });
    gate.sends('item_1');
    gate.reads(itemAdded('item_1'));
    gate.asks('reply');
    gate.reads(...turn(), conflict(gate.lastCreate.eventId, 'resp_1'), created('resp_1'), firstItem('resp_1'));
    gate.reads(done('resp_1'));
    gate.asks('other', { params: {} });
    gate.reads(refusal('invalid_value', gate.lastCreate.eventId));
    gate.asks('third', { params: {} });
    gate.drops();
    expect(gate.records.map(({ purpose, verdict }) => [purpose, verdict])).toEqual([
      ['reply', 'admit'],
      ['other', 'admit'],
      ['third', 'admit'],
    ]);
  });
});
