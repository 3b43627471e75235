import { describe, expect, it } from 'vitest';
import {
  cleared,
  committed,
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

const isShut = (gate: Bench): boolean => gate.shut.includes('response-imminent');

describe('response-imminent', () => {
  const answering = (detection: Detection = 'automatic'): Bench => given({ detection });
  const due = (): Bench => {
    const gate = answering();
    gate.reads(speechStarted(), speechStopped());
    expect(gate.shut).toEqual(['response-imminent']);
    return gate;
  };

  it('shuts from speech_stopped', () => {
    due();
  });

  it('shuts from timeout_triggered', () => {
    const gate = answering();
    gate.reads(timeoutTriggered());
    expect(gate.shut).toEqual(['response-imminent']);
  });

  it.each([
    ['speech_stopped', speechStopped('item_1')],
    ['timeout_triggered', timeoutTriggered('item_1')],
  ])('shuts anew from the committed that follows %s', (_, trigger) => {
    const gate = answering();
    gate.reads(trigger);
    gate.waits(300);
    gate.reads(committed('item_1'));
    gate.waits(399);
    expect(isShut(gate)).toBe(true);
    gate.waits(1);
    expect(isShut(gate)).toBe(false);
  });

  it('does not shut from the committed that follows our own commit', () => {
    const gate = answering();
    gate.commits();
    gate.reads(committed('item_1'));
    expect(gate.shut).toEqual([]);
  });

  it('tells our own commit from the one that ends a turn, when both are under way', () => {
    const gate = answering();
    gate.reads(speechStarted('item_1'));
    gate.commits();
    gate.reads(speechStopped('item_1'), committed('item_1'));
    expect(isShut(gate)).toBe(true);
    gate.reads(created('resp_1'), done('resp_1'), committed('item_2'));
    expect(gate.shut).toEqual([]);
  });

  it('takes the next committed for that of a turn whose end named no item', () => {
    const gate = answering();
    gate.commits();
    gate.reads({ type: 'input_audio_buffer.speech_stopped' });
    gate.waits(300);
    gate.reads(committed('item_1'));
    gate.waits(300);
    expect(isShut(gate)).toBe(true);
  });

  it('shuts from one committed for each turn, not from later ones', () => {
    const gate = due();
    gate.reads(committed(), created('resp_1'), done('resp_1'), committed('item_other'));
    expect(gate.shut).toEqual([]);
  });

  it.each(['quiet', 'off'] as const)('never shuts when the server does not answer by itself (%s)', (detection) => {
    const gate = answering(detection);
    gate.reads(speechStarted(), speechStopped(), committed(), timeoutTriggered());
    expect(isShut(gate)).toBe(false);
  });

  it('goes by what session.created says where nothing else has been said', () => {
    const gate = given();
    gate.reads({ type: 'session.created', session: sessionWith('automatic') }, speechStopped());
    expect(isShut(gate)).toBe(true);
  });

  it('opens at a default response without our token', () => {
    const gate = due();
    gate.reads(created('resp_1'));
    expect(gate.shut).toEqual(['response-active']);
  });

  it.each([
    ['a response of ours', (gate: Bench) => gate.creates('resp_1')],
    ['a response out of band', (gate: Bench) => gate.reads(created('resp_1', { conversation_id: null }))],
    ['an error', (gate: Bench) => gate.reads(refusal('server_error', null))],
    ['a cleared buffer', (gate: Bench) => gate.reads(cleared)],
    ['a session.updated without detection', (gate: Bench) => gate.reads(sessionUpdated(sessionWith('off')))],
  ])('stays shut at %s', (_, happens) => {
    const gate = answering();
    gate.asks('greeting');
    gate.reads(speechStarted(), speechStopped());
    happens(gate);
    expect(isShut(gate)).toBe(true);
  });

  it('opens at its deadline, which is a fault', () => {
    const gate = due();
    gate.waits(399);
    expect(isShut(gate)).toBe(true);
    gate.waits(1);
    expect(gate.shut).toEqual([]);
    expect(gate.faults).toEqual(['The server did not answer the turn by itself within 400 ms.']);
  });

  it('stands still while a default response is open, and restarts at its done', () => {
    const gate = answering('uninterruptible');
    gate.speaks('story', 'resp_1');
    gate.reads(speechStarted(), speechStopped(), committed());
    gate.waits(5_000);
    expect(isShut(gate)).toBe(true);
    gate.reads(done('resp_1'));
    gate.waits(399);
    expect(isShut(gate)).toBe(true);
    gate.waits(1);
    expect(isShut(gate)).toBe(false);
  });

  it('restarts also at the done of a response whose created was never read', () => {
    const gate = answering();
    gate.reads(speechStopped(), { type: 'response.output_audio.delta', response_id: 'resp_1' });
    gate.waits(5_000);
    gate.reads(done('resp_1'));
    expect(isShut(gate)).toBe(true);
    gate.waits(400);
    expect(isShut(gate)).toBe(false);
  });

  it('restarts when what seemed to hold the slot turns out to be out of band', () => {
    const gate = answering();
    gate.reads(speechStopped(), { type: 'response.output_text.delta', response_id: 'resp_1' });
    gate.waits(5_000);
    gate.reads(done('resp_1', 'completed', { conversation_id: null }));
    gate.waits(399);
    expect(isShut(gate)).toBe(true);
  });

  it('does not bother anybody after the end', () => {
    const gate = due();
    gate.step({ type: 'gone', code: 1006, reason: '' });
    expect(gate.gate.due).toBe(Infinity);
  });
});
