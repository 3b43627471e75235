import { describe, expect, it } from 'vitest';
import { isIdle, rulesOf } from '../../src/machine/index.js';
import {
  audioDelta,
  committed,
  created,
  done,
  given,
  itemAdded,
  limits,
  speechStarted,
  speechStopped,
  textDelta,
} from './bench.js';

describe('a step', () => {
  it('gives a verdict synchronously: the create is among the frames of the very step that asks', () => {
    const bench = given();
    const asked = bench.asks('greeting');
    expect(asked.verdict).toBe('admit');
    expect(bench.created).toEqual(['greeting']);
  });

  it('depends on nothing but its arguments: the same inputs give the same effects, twice', () => {
    const run = (): unknown => {
      const bench = given({ detection: 'automatic' });
      bench.asks('greeting');
      bench.creates('resp_1');
      bench.reads(speechStarted(), speechStopped(), committed());
      bench.asks('reply');
      bench.reads(done('resp_1'), created('resp_2'), done('resp_2'));
      bench.waits(1_000);
      return [bench.written, bench.notices];
    };
    expect(run()).toEqual(run());
  });

  it('continues from a copy of its state as from the original', () => {
    const bench = given();
    bench.asks('greeting');
    const copy = given();
    Object.assign(copy.session, structuredClone(bench.session));
    for (const each of [bench, copy]) {
      each.forget();
      each.reads(created('resp_1'), done('resp_1', 'cancelled'));
      each.waits(10_000);
    }
    expect(copy.notices).toEqual(bench.notices);
    expect(copy.faults).toHaveLength(1);
  });

  it('changes nothing and tells nothing for a frame that it does not know', () => {
    const bench = given();
    const before = structuredClone({ ...bench.session, steps: 0, framesRead: 0 });
    bench.reads({ type: 'weather.changed', sky: 'grey' }, { type: 'rate_limits.updated' });
    expect({ ...bench.session, steps: 0, framesRead: 0 }).toEqual(before);
    expect([bench.written, bench.notices]).toEqual([[], []]);
  });

  it('takes an audio delta of an open response without effects, and counts it as a sign of life', () => {
    const bench = given({ limits: { responseMs: 1_000 } });
    bench.speaks('greeting', 'resp_1');
    bench.forget();
    bench.waits(900);
    bench.reads(audioDelta('resp_1'));
    bench.waits(900);
    expect(bench.shut).toEqual(['response-active']);
    expect(bench.notices).toEqual([]);
  });

  it('is over at once for a delta of text, too, with the one empty result', () => {
    const bench = given();
    bench.speaks('greeting', 'resp_1');
    const delta = { type: 'frame', event: textDelta('resp_1'), audioBytes: 0 } as const;
    const first = bench.step(delta);
    expect(bench.step(delta)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
  });

  it('lets no deadline pass at a frame or a call: what has already arrived is heard first', () => {
    const bench = given();
    bench.speaks('greeting', 'resp_1');
    const nudge = bench.asks('nudge', { holdForMs: 100 });
    bench.now += 100;
    bench.reads(audioDelta('resp_1'), { type: 'conversation.item.added', item: null });
    bench.asks('other');
    expect(nudge.verdict).toBe('hold: response-active');
    bench.step({ type: 'tick' });
    expect(nudge.verdict).toBe('refuse: expired');
  });

  it('lets what the frames of the meantime have opened go before its time is over', () => {
    const bench = given();
    bench.reads(created('resp_1'));
    const reply = bench.asks('reply', { holdForMs: 100 });
    bench.now += 500;
    bench.reads(done('resp_1'));
    bench.step({ type: 'tick' });
    expect(reply.verdict).toBe('admit');
  });

  it('makes nothing of a frame without an id or without a response, but a fault', () => {
    const bench = given();
    bench.reads({ type: 'response.created' }, { type: 'response.done', response: { id: 7 } });
    bench.reads({ type: 'response.output_item.added' }, { type: 'conversation.item.added', item: null });
    expect(bench.faults).toHaveLength(2);
    expect(bench.shut).toEqual([]);
  });

  it('makes nothing of a session.created without a session', () => {
    const bench = given();
    bench.reads({ type: 'session.created' });
    expect(bench.notices).toEqual([]);
  });

  it('follows new rules from then on', () => {
    const bench = given();
    const rules = { ...rulesOf(bench.session), limits: { ...limits, held: 0 } };
    bench.step({ type: 'rules', rules });
    expect(rulesOf(bench.session)).toBe(rules);
    bench.turns('begins');
    expect(bench.asks('reply').verdict).toBe('refuse: queue-full');
  });

  it('is due for nothing while nothing waits, but for the end that the server sets to the line', () => {
    const ITS_END = 3_600_000 - limits.expiringMs;
    const bench = given();
    expect([bench.due, isIdle(bench.session)]).toEqual([ITS_END, true]);
    bench.speaks('greeting', 'resp_1');
    expect(isIdle(bench.session)).toBe(false);
    bench.reads(itemAdded('item_1'), done('resp_1'));
    expect([bench.due, isIdle(bench.session)]).toEqual([ITS_END, true]);
  });
});
