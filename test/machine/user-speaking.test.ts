import { describe, expect, it } from 'vitest';
import {
  cleared,
  committed,
  given,
  sessionUpdated,
  sessionWith,
  speechStarted,
  speechStopped,
  transcribed,
  transcriptionFailed,
  type Bench,
} from './bench.js';

const begins = (gate: Bench): unknown => gate.step({ type: 'turn', edge: 'begins' });
const ends = (gate: Bench): unknown => gate.step({ type: 'turn', edge: 'ends' });
const isShut = (gate: Bench): boolean => gate.shut.includes('user-speaking');

describe('user-speaking', () => {
  const speaking = (): Bench => {
    const gate = given({ detection: 'quiet' });
    gate.reads(speechStarted('item_1'));
    expect(gate.shut).toEqual(['user-speaking']);
    return gate;
  };

  it.each([
    ['speech_stopped', (gate: Bench) => gate.reads(speechStopped('item_1'))],
    ['speech_stopped of another item: it is one flag', (gate: Bench) => gate.reads(speechStopped('item_2'))],
    ['the commit of that item', (gate: Bench) => gate.reads(committed('item_1'))],
    ['a cleared buffer', (gate: Bench) => gate.reads(cleared)],
    ["userTurn('ends')", ends],
    ['a session.updated without voice detection', (gate: Bench) => gate.reads(sessionUpdated(sessionWith('off')))],
  ])('opens at %s', (_, happens) => {
    const gate = speaking();
    happens(gate);
    expect(gate.shut).toEqual([]);
  });

  it('opens in a new epoch', () => {
    const gate = speaking();
    gate.drops();
    gate.connects();
    gate.reads(sessionUpdated(sessionWith('quiet')));
    expect(gate.shut).toEqual([]);
  });

  it('opens after the longest turn that is believed, which is a fault', () => {
    const gate = speaking();
    gate.waits(59_999);
    expect(isShut(gate)).toBe(true);
    gate.waits(1);
    expect(isShut(gate)).toBe(false);
    expect(gate.faults).toHaveLength(1);
  });

  it('believes a turn for as long however late it begins', () => {
    const gate = given({ detection: 'quiet' });
    gate.waits(100_000);
    gate.reads(speechStarted('item_1'));
    gate.waits(59_999);
    expect(isShut(gate)).toBe(true);
  });

  it.each([
    ['the commit of another item', (gate: Bench) => gate.reads(committed('item_2'))],
    ['a transcript', (gate: Bench) => gate.reads(transcribed('item_1'))],
    ['a session.updated that says nothing of it', (gate: Bench) => gate.reads(sessionUpdated({ instructions: 'x' }))],
    ['a session.updated with voice detection', (gate: Bench) => gate.reads(sessionUpdated(sessionWith('automatic')))],
  ])('stays shut at %s', (_, happens) => {
    const gate = speaking();
    happens(gate);
    expect(isShut(gate)).toBe(true);
  });

  it('is one flag: of several beginnings in a burst, one end ends them all', () => {
    const gate = given({ detection: 'quiet' });
    gate.reads(speechStarted('item_1'), speechStarted('item_2'), speechStarted('item_3'), speechStopped('item_3'));
    expect(isShut(gate)).toBe(false);
  });

  it('follows the last item of a burst: only that one is committed', () => {
    const gate = given({ detection: 'quiet' });
    gate.reads(speechStarted('item_1'), speechStarted('item_2'), committed('item_1'));
    expect(isShut(gate)).toBe(true);
    gate.reads(committed('item_2'));
    expect(isShut(gate)).toBe(false);
  });

  it("shuts at userTurn('begins') and opens at userTurn('ends')", () => {
    const gate = given();
    begins(gate);
    expect(gate.shut).toEqual(['user-speaking']);
    ends(gate);
    expect(gate.shut).toEqual([]);
  });

  it('is not moved by ends without a beginning', () => {
    const gate = given({ detection: 'quiet' });
    gate.reads(speechStopped('item_1'), committed('item_1'), cleared);
    ends(gate);
    expect(gate.shut).toEqual([]);
  });

  it('does not bother anybody after the end: no tick is due, no fault is told', () => {
    const gate = speaking();
    gate.step({ type: 'gone', code: 1006, reason: '' });
    expect(gate.gate.due).toBe(Infinity);
  });
});

describe("user-speaking, with turnEnds: 'transcribed'", () => {
  const speaking = (): Bench => {
    const gate = given({ detection: 'quiet', turnEnds: 'transcribed' });
    gate.reads(speechStarted('item_1'));
    return gate;
  };
  const stopped = (): Bench => {
    const gate = speaking();
    gate.reads(speechStopped('item_1'), committed('item_1'));
    expect(isShut(gate)).toBe(true);
    return gate;
  };

  it.each([
    ['the transcript', (gate: Bench) => gate.reads(transcribed('item_1'))],
    ['the news that there will be none', (gate: Bench) => gate.reads(transcriptionFailed('item_1'))],
    ['its deadline, which is no fault', (gate: Bench) => gate.waits(1_800)],
  ])('opens at %s', (_, happens) => {
    const gate = stopped();
    happens(gate);
    expect(gate.shut).toEqual([]);
    expect(gate.faults).toEqual([]);
  });

  it.each([
    ['an earlier transcript', (gate: Bench) => gate.reads(transcribed('item_0'))],
    ['a cleared buffer: what was committed is still transcribed', (gate: Bench) => gate.reads(cleared)],
    ["userTurn('ends')", ends],
    ['a moment before its deadline', (gate: Bench) => gate.waits(1_799)],
    ['a session.updated without detection', (gate: Bench) => gate.reads(sessionUpdated(sessionWith('off')))],
  ])('stays shut at %s', (_, happens) => {
    const gate = stopped();
    happens(gate);
    expect(isShut(gate)).toBe(true);
  });

  it('opens in a new epoch: what was committed there is not transcribed here', () => {
    const gate = stopped();
    gate.drops();
    gate.connects();
    gate.reads(sessionUpdated(sessionWith('quiet')));
    expect(gate.shut).toEqual([]);
  });

  it('waits for the transcript of the latest committed item only', () => {
    const gate = stopped();
    gate.reads(speechStarted('item_2'), speechStopped('item_2'), committed('item_2'), transcribed('item_1'));
    expect(isShut(gate)).toBe(true);
    gate.reads(transcribed('item_2'));
    expect(isShut(gate)).toBe(false);
  });

  it('knows a transcript that was read before its item was committed', () => {
    const gate = speaking();
    gate.reads(transcribed('item_1'), speechStopped('item_1'), committed('item_1'));
    expect(isShut(gate)).toBe(false);
  });

  it('shuts for another turn while the last is still being transcribed', () => {
    const gate = stopped();
    gate.reads(speechStarted('item_2'), transcribed('item_1'));
    expect(isShut(gate)).toBe(true);
    gate.waits(1_800);
    expect(isShut(gate)).toBe(true);
  });

  it("waits, after userTurn('ends'), for the transcript of what we commit then", () => {
    const gate = given({ turnEnds: 'transcribed' });
    begins(gate);
    ends(gate);
    gate.commits();
    gate.reads(committed('item_1'));
    expect(isShut(gate)).toBe(true);
    gate.reads(transcribed('item_1'));
    expect(isShut(gate)).toBe(false);
  });

  it('opens when what was being said is cleared away: nothing of it will be transcribed', () => {
    const gate = speaking();
    gate.reads(cleared);
    expect(isShut(gate)).toBe(false);
  });
});
