import { describe, expect, it } from 'vitest';
import { stateOf } from '../../src/machine/index.js';
import { audioDelta, created, done, given, speechStarted, type Bench, type Detection } from './bench.js';

/** A response that has produced this many milliseconds, and has ended. */
const brought = (ms: number, detection: Detection = 'off'): Bench => {
  const bench = given({ detection });
  bench.speaks('story', 'resp_1');
  bench.reads(audioDelta('resp_1', ms), done('resp_1'));
  return bench;
};
const hears = (bench: Bench, itemId: string, ms: number): unknown => bench.step({ type: 'heard', itemId, ms });

describe("the carrier's marks", () => {
  it('count alone from the first of them: the clock says nothing any more', () => {
    const bench = brought(1_000);
    hears(bench, 'item_of_resp_1', 100);
    bench.waits(5_000);
    expect(bench.heardOf('resp_1')).toBe('untold');
    hears(bench, 'item_of_resp_1', 1_000);
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['heard', 'drained']);
  });

  it('that have said everything are missed no longer', () => {
    const bench = brought(1_000);
    hears(bench, 'item_of_resp_1', 1_000);
    bench.waits(10_000);
    bench.asks('more');
    bench.waits(10_000);
    expect(bench.faults).toEqual(["The server neither created nor refused the response for 'more'."]);
  });

  it('that have said everything before the end of the response hold nothing after it', () => {
    const bench = given({ playback: 'waits' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 500));
    hears(bench, 'item_of_resp_1', 500);
    bench.reads(done('resp_1'));
    expect([bench.heardOf('resp_1'), bench.asks('more').verdict]).toEqual(['heard', 'admit']);
  });

  it('say where it was cut', () => {
    const bench = brought(1_000, 'automatic');
    hears(bench, 'item_of_resp_1', 240);
    bench.waits(600);
    bench.reads(speechStarted());
    expect(bench.truncated).toEqual([['item_of_resp_1', 240]]);
  });

  it('never take back what was heard, nor go beyond what was produced', () => {
    const bench = brought(1_000, 'automatic');
    hears(bench, 'item_of_resp_1', 600);
    hears(bench, 'item_of_resp_1', 200);
    bench.reads(speechStarted());
    expect(bench.truncated).toEqual([['item_of_resp_1', 600]]);
    hears(bench, 'item_of_resp_1', 9_000);
    expect(bench.session.playback.items.get('item_of_resp_1')?.heardMs).toBe(600);
  });

  it('of more than was produced are taken for all of it', () => {
    const bench = brought(1_000);
    hears(bench, 'item_of_resp_1', 1_200);
    expect(bench.session.playback.items.get('item_of_resp_1')?.heardMs).toBe(1_000);
  });

  it('of whole milliseconds hear an item to its end, though it lasts a fraction longer', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    const event = { type: 'response.output_audio.delta', response_id: 'resp_1', item_id: 'item_1' };
    bench.step({ type: 'frame', event, audioBytes: 48 * 100 + 40 });
    bench.reads(done('resp_1'));
    hears(bench, 'item_1', 99);
    expect(bench.heardOf('resp_1')).toBe('untold');
    hears(bench, 'item_1', 100);
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('of what is not the model’s say nothing', () => {
    const bench = brought(1_000);
    hears(bench, 'jingle', 500);
    bench.waits(1_000);
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('that stop are a fault 15 s after the last of them should have come: what was produced is taken for heard', () => {
    const bench = brought(20_000);
    hears(bench, 'item_of_resp_1', 100);
    bench.waits(34_999);
    expect([bench.heardOf('resp_1'), bench.faults]).toEqual(['untold', []]);
    bench.waits(1);
    expect(bench.heardOf('resp_1')).toBe('heard');
    expect(bench.faults).toEqual(['The marks of what was heard have stopped: it is taken for heard.']);
    expect(bench.session.is.playback).toBe('drained');
  });

  it('that stop have all that was produced taken for heard, however much of it the clock has yet to play', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000, 'item_1'), audioDelta('resp_1', 60_000, 'item_2'), done('resp_1'));
    hears(bench, 'item_1', 100);
    bench.waits(16_000);
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['heard', 'drained']);
  });

  it('of an item that is being played are waited for until it must have been, though another was heard before it', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000, 'item_1'), audioDelta('resp_1', 60_000, 'item_2'), done('resp_1'));
    hears(bench, 'item_1', 1_000);
    bench.waits(75_999);
    expect([bench.heardOf('resp_1'), bench.faults]).toEqual(['untold', []]);
    bench.waits(1);
    expect([bench.heardOf('resp_1'), bench.faults.length]).toEqual(['heard', 1]);
  });

  it('that have stopped leave what comes next to the clock', () => {
    const bench = brought(1_000);
    hears(bench, 'item_of_resp_1', 100);
    bench.waits(20_000);
    bench.reads(created('resp_2'), audioDelta('resp_2', 1_000), done('resp_2'));
    bench.waits(1_000);
    expect(bench.heardOf('resp_2')).toBe('heard');
  });

  it('that never came are not missed, however late the clock is read', () => {
    const bench = brought(1_000);
    bench.now = 60_000;
    bench.step({ type: 'tick' });
    expect([bench.heardOf('resp_1'), bench.faults]).toEqual(['heard', []]);
  });

  it('are waited for, though something else is due before', () => {
    const bench = brought(20_000);
    hears(bench, 'item_of_resp_1', 100);
    const more = bench.asks('more');
    bench.waits(10_000);
    expect([more.outcome, bench.heardOf('resp_1')]).toEqual(['unsent by unanswered', 'untold']);
  });

  it('that still come, late, are waited for', () => {
    const bench = brought(1_000);
    hears(bench, 'item_of_resp_1', 100);
    bench.waits(10_000);
    hears(bench, 'item_of_resp_1', 200);
    bench.waits(14_999);
    expect(bench.faults).toEqual([]);
    bench.waits(1);
    expect(bench.faults).toHaveLength(1);
  });

  it('count again after they had stopped', () => {
    const bench = brought(1_000);
    hears(bench, 'item_of_resp_1', 100);
    bench.waits(20_000);
    bench.reads(created('resp_2'), audioDelta('resp_2', 1_000), done('resp_2'));
    hears(bench, 'item_of_resp_2', 100);
    bench.waits(2_000);
    expect(bench.heardOf('resp_2')).toBe('untold');
  });

  it('leave it open in the state how long it will last', () => {
    const bench = brought(1_000);
    hears(bench, 'item_of_resp_1', 100);
    expect(stateOf(bench.session, 300).playback).toEqual({ state: 'playing', remainingMs: null });
  });

  it('keep what was heard before a pause', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 300));
    hears(bench, 'item_of_resp_1', 250);
    bench.waits(1_000);
    bench.reads(audioDelta('resp_1', 300), speechStarted());
    expect(bench.truncated).toEqual([['item_of_resp_1', 250]]);
  });
});
