import { describe, expect, it } from 'vitest';
import {
  cleared,
  committed,
  conflict,
  created,
  done,
  given,
  refusal,
  sessionUpdated,
  sessionWith,
  speechStarted,
  speechStopped,
  timeoutTriggered,
  type Bench,
  type Detection,
} from './bench.js';

const isShut = (bench: Bench): boolean => bench.shut.includes('response-imminent');

describe('response-imminent', () => {
  const answering = (detection: Detection = 'automatic'): Bench => given({ detection });
  const due = (): Bench => {
    const bench = answering();
    bench.reads(speechStarted(), speechStopped());
    expect(bench.shut).toEqual(['response-imminent']);
    return bench;
  };

  it('shuts from speech_stopped', () => {
    due();
  });

  it('shuts from timeout_triggered', () => {
    const bench = answering();
    bench.reads(timeoutTriggered());
    expect(bench.shut).toEqual(['response-imminent']);
  });

  it.each([
    ['speech_stopped', speechStopped('item_1')],
    ['timeout_triggered', timeoutTriggered('item_1')],
  ])('shuts anew from the committed that follows %s', (_, trigger) => {
    const bench = answering();
    bench.reads(trigger);
    bench.waits(300);
    bench.reads(committed('item_1'));
    bench.waits(399);
    expect(isShut(bench)).toBe(true);
    bench.waits(1);
    expect(isShut(bench)).toBe(false);
  });

  it('does not shut from the committed that follows our own commit', () => {
    const bench = answering();
    bench.commits();
    bench.reads(committed('item_1'));
    expect(bench.shut).toEqual([]);
  });

  it('tells our own commit from the one that ends a turn, when both are under way', () => {
    const bench = answering();
    bench.reads(speechStarted('item_1'));
    bench.commits();
    bench.reads(speechStopped('item_1'), committed('item_1'));
    expect(isShut(bench)).toBe(true);
    bench.reads(created('resp_1'), done('resp_1'), committed('item_2'));
    expect(bench.shut).toEqual([]);
  });

  it('does not begin again when another item than the turn’s is committed: that one is our own', () => {
    const bench = answering();
    bench.reads(speechStarted('item_1'));
    bench.commits();
    bench.reads(speechStopped('item_1'));
    bench.waits(300);
    bench.reads(committed('item_2'));
    bench.waits(100);
    expect(bench.shut).toEqual([]);
  });

  it('takes the next committed for that of a turn whose end named no item', () => {
    const bench = answering();
    bench.commits();
    bench.reads({ type: 'input_audio_buffer.speech_stopped' });
    bench.waits(300);
    bench.reads(committed('item_1'));
    bench.waits(300);
    expect(isShut(bench)).toBe(true);
  });

  it('shuts from one committed for each turn, not from later ones', () => {
    const bench = due();
    bench.reads(committed(), created('resp_1'), done('resp_1'), committed('item_other'));
    expect(bench.shut).toEqual([]);
  });

  it.each(['quiet', 'off'] as const)('never shuts when the server does not answer by itself (%s)', (detection) => {
    const bench = answering(detection);
    bench.reads(speechStarted(), speechStopped(), committed(), timeoutTriggered());
    expect(isShut(bench)).toBe(false);
  });

  it('follows session.created until something newer arrives', () => {
    const bench = given();
    bench.reads({ type: 'session.created', session: sessionWith('automatic') }, speechStopped());
    expect(isShut(bench)).toBe(true);
  });

  it('opens at a default response without our token', () => {
    const bench = due();
    bench.reads(created('resp_1'));
    expect(bench.shut).toEqual(['response-active']);
  });

  it.each([
    ['a response of ours', (bench: Bench) => bench.creates('resp_1')],
    ['a response out of band', (bench: Bench) => bench.reads(created('resp_1', { conversation_id: null }))],
    ['an error', (bench: Bench) => bench.reads(refusal('server_error', null))],
    ['a cleared buffer', (bench: Bench) => bench.reads(cleared)],
    ['a session.updated without detection', (bench: Bench) => bench.reads(sessionUpdated(sessionWith('off')))],
  ])('stays shut at %s', (_, happens) => {
    const bench = answering();
    bench.asks('greeting');
    bench.reads(speechStarted(), speechStopped());
    happens(bench);
    expect(isShut(bench)).toBe(true);
  });

  it('opens at its deadline, which is a fault', () => {
    const bench = due();
    bench.waits(399);
    expect(isShut(bench)).toBe(true);
    bench.waits(1);
    expect(bench.shut).toEqual([]);
    expect(bench.faults).toEqual(['The server did not answer the turn by itself within 400 ms.']);
  });

  it('stands still while a default response is open, and restarts at its done', () => {
    const bench = answering('uninterruptible');
    bench.speaks('story', 'resp_1');
    bench.reads(speechStarted(), speechStopped(), committed());
    bench.waits(5_000);
    expect(isShut(bench)).toBe(true);
    bench.reads(done('resp_1'));
    bench.waits(399);
    expect(isShut(bench)).toBe(true);
    bench.waits(1);
    expect(isShut(bench)).toBe(false);
  });

  it('restarts also at the done of a response whose created was never read', () => {
    const bench = answering();
    bench.reads(speechStopped(), { type: 'response.output_audio.delta', response_id: 'resp_1' });
    bench.waits(5_000);
    bench.reads(done('resp_1'));
    expect(isShut(bench)).toBe(true);
    bench.waits(400);
    expect(isShut(bench)).toBe(false);
  });

  it('restarts when what seemed to hold the slot turns out to be out of band', () => {
    const bench = answering();
    bench.reads(speechStopped(), { type: 'response.output_text.delta', response_id: 'resp_1' });
    bench.waits(5_000);
    bench.reads(done('resp_1', 'completed', { conversation_id: null }));
    bench.waits(399);
    expect(isShut(bench)).toBe(true);
  });

  it('shuts again at a committed that is read after its deadline', () => {
    const bench = due();
    bench.waits(400);
    bench.reads(committed());
    expect(bench.shut).toEqual(['response-imminent']);
  });

  it('restarts at a conflict that does not say what holds the slot', () => {
    const bench = answering();
    bench.asks('story', { params: {} });
    bench.reads(speechStarted(), speechStopped());
    bench.waits(300);
    bench.reads(conflict(bench.lastCreate.eventId));
    bench.waits(399);
    expect(isShut(bench)).toBe(true);
    bench.waits(1);
    expect(isShut(bench)).toBe(false);
  });

  it('does not bother anybody after the end', () => {
    const bench = due();
    bench.loses();
    expect(bench.due).toBe(Infinity);
  });
});
