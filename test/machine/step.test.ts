import { describe, expect, it } from 'vitest';
import { audioDelta, committed, created, done, given, itemAdded, speechStarted, speechStopped } from './bench.js';

describe('a step', () => {
  it('gives a verdict synchronously: the create is among the frames of the very step that asks', () => {
    const gate = given();
    const asked = gate.asks('greeting');
    expect(asked.verdict).toBe('admit');
    expect(gate.created).toEqual(['greeting']);
  });

  it('depends on nothing but its arguments: the same inputs give the same effects, twice', () => {
    const run = (): unknown => {
      const gate = given({ detection: 'automatic' });
      gate.asks('greeting');
      gate.creates('resp_1');
      gate.reads(speechStarted(), speechStopped(), committed());
      gate.asks('reply');
      gate.reads(done('resp_1'), created('resp_2'), done('resp_2'));
      gate.waits(1_000);
      return [gate.written, gate.notices];
    };
    expect(run()).toEqual(run());
  });

  it('continues from a copy of its state as from the original', () => {
    const gate = given();
    gate.asks('greeting');
    const copy = given();
    Object.assign(copy.gate, structuredClone({ ...gate.gate, rules: undefined }), { rules: gate.gate.rules });
    for (const each of [gate, copy]) {
      each.forget();
      each.reads(created('resp_1'), done('resp_1'));
      each.waits(10_000);
    }
    expect(copy.notices).toEqual(gate.notices);
    expect(copy.faults).toHaveLength(1);
  });

  it('changes nothing and tells nothing for a frame that it does not know', () => {
    const gate = given();
    const before = structuredClone({ ...gate.gate, rules: undefined, steps: 0 });
    gate.reads({ type: 'weather.changed', sky: 'grey' }, { type: 'rate_limits.updated' });
    expect({ ...gate.gate, rules: undefined, steps: 0 }).toEqual(before);
    expect([gate.written, gate.notices]).toEqual([[], []]);
  });

  it('takes an audio delta of an open response without effects, and counts it as a sign of life', () => {
    const gate = given({ limits: { responseMs: 1_000 } });
    gate.speaks('greeting', 'resp_1');
    gate.forget();
    gate.waits(900);
    gate.reads(audioDelta('resp_1'));
    gate.waits(900);
    expect(gate.shut).toEqual(['response-active']);
    expect(gate.notices).toEqual([]);
  });

  it('does what time has brought about also when the frame at hand is only a delta', () => {
    const gate = given();
    gate.speaks('greeting', 'resp_1');
    const nudge = gate.asks('nudge', { holdForMs: 100 });
    gate.now += 100;
    gate.reads(audioDelta('resp_1'));
    expect(nudge.verdict).toBe('refuse: expired');
  });

  it('asks nothing of a frame without an id, or without a response, but to say that it is one', () => {
    const gate = given();
    gate.reads({ type: 'response.created' }, { type: 'response.done', response: { id: 7 } });
    gate.reads({ type: 'response.output_item.added' }, { type: 'conversation.item.added', item: null });
    expect(gate.faults).toHaveLength(2);
    expect(gate.shut).toEqual([]);
  });

  it('is due for nothing while nothing waits', () => {
    const gate = given();
    expect(gate.gate.due).toBe(Infinity);
    gate.speaks('greeting', 'resp_1');
    gate.reads(itemAdded('item_1'), done('resp_1'));
    expect(gate.gate.due).toBe(Infinity);
  });
});
