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

const begins = (bench: Bench): void => bench.turns('begins');
const ends = (bench: Bench): void => bench.turns('ends');
const isShut = (bench: Bench): boolean => bench.shut.includes('user-speaking');

describe('user-speaking', () => {
  const speaking = (): Bench => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted('item_1'));
    expect(bench.shut).toEqual(['user-speaking']);
    return bench;
  };

  it.each([
    ['speech_stopped', (bench: Bench) => bench.reads(speechStopped('item_1'))],
    ['speech_stopped of another item: it is one flag', (bench: Bench) => bench.reads(speechStopped('item_2'))],
    ['the commit of that item', (bench: Bench) => bench.reads(committed('item_1'))],
    ['a cleared buffer', (bench: Bench) => bench.reads(cleared)],
    ['a session.updated without voice detection', (bench: Bench) => bench.reads(sessionUpdated(sessionWith('off')))],
  ])('opens at %s', (_, happens) => {
    const bench = speaking();
    happens(bench);
    expect(bench.shut).toEqual([]);
  });

  it('opens after the longest turn that is believed, which is a fault', () => {
    const bench = speaking();
    bench.waits(59_999);
    expect(isShut(bench)).toBe(true);
    bench.waits(1);
    expect(isShut(bench)).toBe(false);
    expect(bench.faults).toHaveLength(1);
  });

  it('believes a turn for as long however late it begins', () => {
    const bench = given({ detection: 'quiet' });
    bench.waits(100_000);
    bench.reads(speechStarted('item_1'));
    bench.waits(59_999);
    expect(isShut(bench)).toBe(true);
  });

  it.each([
    ['the commit of another item', (bench: Bench) => bench.reads(committed('item_2'))],
    ["userTurn('ends'): that is the other flag's", ends],
    ['a transcript', (bench: Bench) => bench.reads(transcribed('item_1'))],
    ['a session.updated that says nothing of it', (bench: Bench) => bench.reads(sessionUpdated({ instructions: 'x' }))],
    ['a session.updated with voice detection', (bench: Bench) => bench.reads(sessionUpdated(sessionWith('automatic')))],
  ])('stays shut at %s', (_, happens) => {
    const bench = speaking();
    happens(bench);
    expect(isShut(bench)).toBe(true);
  });

  it('is one flag: of several beginnings in a burst, one end ends them all', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted('item_1'), speechStarted('item_2'), speechStarted('item_3'), speechStopped('item_3'));
    expect(isShut(bench)).toBe(false);
  });

  it('is not opened by a commit that names no item, though the turn has named none either', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads({ type: 'input_audio_buffer.speech_started' }, { type: 'input_audio_buffer.committed' });
    expect(isShut(bench)).toBe(true);
  });

  it('follows the last item of a burst: only that one is committed', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted('item_1'), speechStarted('item_2'), committed('item_1'));
    expect(isShut(bench)).toBe(true);
    bench.reads(committed('item_2'));
    expect(isShut(bench)).toBe(false);
  });

  it("shuts at userTurn('begins') and opens at userTurn('ends')", () => {
    const bench = given();
    begins(bench);
    expect(bench.shut).toEqual(['user-speaking']);
    ends(bench);
    expect(bench.shut).toEqual([]);
  });

  it('is not moved by ends without a beginning', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStopped('item_1'), committed('item_1'), cleared);
    ends(bench);
    expect(bench.shut).toEqual([]);
  });

  it('does not bother anybody after the end: no tick is due, no fault is told', () => {
    const bench = speaking();
    bench.loses();
    expect(bench.due).toBe(Infinity);
  });
});

describe("user-speaking, with turnEnds: 'transcribed'", () => {
  const speaking = (): Bench => {
    const bench = given({ detection: 'quiet', turnEnds: 'transcribed' });
    bench.reads(speechStarted('item_1'));
    return bench;
  };
  const stopped = (): Bench => {
    const bench = speaking();
    bench.reads(speechStopped('item_1'), committed('item_1'));
    expect(isShut(bench)).toBe(true);
    return bench;
  };

  it.each([
    ['the transcript', (bench: Bench) => bench.reads(transcribed('item_1'))],
    ['the news that there will be none', (bench: Bench) => bench.reads(transcriptionFailed('item_1'))],
    ['its deadline, which is no fault', (bench: Bench) => bench.waits(1_800)],
  ])('opens at %s', (_, happens) => {
    const bench = stopped();
    happens(bench);
    expect(bench.shut).toEqual([]);
    expect(bench.faults).toEqual([]);
  });

  it.each([
    ['an earlier transcript', (bench: Bench) => bench.reads(transcribed('item_0'))],
    ['a cleared buffer: what was committed is still transcribed', (bench: Bench) => bench.reads(cleared)],
    ["userTurn('ends')", ends],
    ['a moment before its deadline', (bench: Bench) => bench.waits(1_799)],
    ['a session.updated without detection', (bench: Bench) => bench.reads(sessionUpdated(sessionWith('off')))],
  ])('stays shut at %s', (_, happens) => {
    const bench = stopped();
    happens(bench);
    expect(isShut(bench)).toBe(true);
  });

  it('waits for the transcript of the latest committed item only', () => {
    const bench = stopped();
    bench.reads(speechStarted('item_2'), speechStopped('item_2'), committed('item_2'), transcribed('item_1'));
    expect(isShut(bench)).toBe(true);
    bench.reads(transcribed('item_2'));
    expect(isShut(bench)).toBe(false);
  });

  it('knows a transcript that was read before its item was committed', () => {
    const bench = speaking();
    bench.reads(transcribed('item_1'), speechStopped('item_1'), committed('item_1'));
    expect(isShut(bench)).toBe(false);
  });

  it('shuts for another turn while the last is still being transcribed', () => {
    const bench = stopped();
    bench.reads(speechStarted('item_2'), transcribed('item_1'));
    expect(isShut(bench)).toBe(true);
    bench.waits(1_800);
    expect(isShut(bench)).toBe(true);
  });

  it("waits, after userTurn('ends'), for the transcript of what we commit then", () => {
    const bench = given({ turnEnds: 'transcribed' });
    begins(bench);
    ends(bench);
    bench.commits();
    bench.reads(committed('item_1'));
    expect(isShut(bench)).toBe(true);
    bench.reads(transcribed('item_1'));
    expect(isShut(bench)).toBe(false);
  });

  it('opens when what was being said is cleared away: nothing of it will be transcribed', () => {
    const bench = speaking();
    bench.reads(cleared);
    expect(isShut(bench)).toBe(false);
  });
});

describe('the two flags', () => {
  const both = (): Bench => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted('item_1'));
    begins(bench);
    return bench;
  };

  it('either shuts: the end of the voice leaves the button', () => {
    const bench = both();
    bench.reads(speechStopped('item_1'));
    expect(isShut(bench)).toBe(true);
    ends(bench);
    expect(isShut(bench)).toBe(false);
  });

  it('either shuts: the end of the button leaves the voice', () => {
    const bench = both();
    ends(bench);
    expect(isShut(bench)).toBe(true);
    bench.reads(speechStopped('item_1'));
    expect(isShut(bench)).toBe(false);
  });

  it.each([
    ['a cleared buffer', (bench: Bench) => bench.reads(cleared)],
    ['the commit', (bench: Bench) => bench.reads(committed('item_1'))],
    ['a session.updated without detection', (bench: Bench) => bench.reads(sessionUpdated(sessionWith('off')))],
  ])('end by the server’s word alone, or by hand alone: %s leaves the button', (_, happens) => {
    const bench = both();
    happens(bench);
    expect(bench.session.is).toMatchObject({ voice: 'silent', button: 'held' });
  });

  it('begin one turn, when the first of them rises', () => {
    const bench = both();
    const nudge = bench.asks('nudge', { whenBlocked: 'hold-this-turn' });
    bench.reads(speechStopped('item_1'), speechStarted('item_2'));
    begins(bench);
    expect(nudge.verdict).toBe('hold: user-speaking');
  });

  it('each have a longest turn, which is a fault of its own', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted('item_1'));
    bench.waits(1_000);
    begins(bench);
    bench.waits(59_000);
    expect(bench.session.is).toMatchObject({ voice: 'silent', button: 'held' });
    bench.waits(1_000);
    expect(isShut(bench)).toBe(false);
    expect(bench.faults).toEqual([
      'The user is taken to have stopped speaking: the turn lasted 60000 ms.',
      "The user is taken to have stopped speaking: since userTurn('begins') there passed 60000 ms.",
    ]);
  });

  it('are not raised by hand once the session is closing', () => {
    const bench = given();
    bench.closes();
    begins(bench);
    expect(bench.session.is.button).toBe('released');
  });

  it('are lowered by the end of the connection', () => {
    const bench = both();
    bench.loses();
    expect(bench.session.is).toMatchObject({ voice: 'silent', button: 'released' });
  });
});

describe('a speech_stopped', () => {
  it('of an item older than the last speech_started ends nothing: the user is still speaking', () => {
    const bench = given({ detection: 'automatic' });
    bench.reads(speechStarted('item_1'), speechStarted('item_2'), speechStopped('item_1'));
    expect(bench.shut).toEqual(['user-speaking']);
    bench.reads(speechStopped('item_2'));
    expect(bench.shut).toEqual(['response-imminent']);
  });

  it('of an item that has begun again since ends the turn', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted('item_1'), speechStarted('item_2'), speechStarted('item_1'), speechStopped('item_1'));
    expect(isShut(bench)).toBe(false);
  });

  it('of an older item says that a turn is over, where nobody is heard any more', () => {
    const bench = given({ detection: 'automatic' });
    bench.reads(speechStarted('item_1'), speechStarted('item_2'), cleared, speechStopped('item_1'));
    expect(bench.shut).toEqual(['response-imminent']);
  });

  it('that names no item ends the turn', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted('item_1'), { type: 'input_audio_buffer.speech_stopped' });
    expect(isShut(bench)).toBe(false);
  });

  it('of one of the last eight overtaken items is known; of an earlier one it ends the turn', () => {
    const bench = given({ detection: 'quiet' });
    for (let count = 0; count <= 9; count++) bench.reads(speechStarted(`item_${count}`));
    bench.reads(speechStopped('item_1'));
    expect(isShut(bench)).toBe(true);
    bench.reads(speechStopped('item_0'));
    expect(isShut(bench)).toBe(false);
  });
});

describe('the wait for a transcript', () => {
  const transcribing = (): Bench => given({ detection: 'quiet', turnEnds: 'transcribed' });

  it('begins when a flag ends, and again at the commit', () => {
    const bench = transcribing();
    bench.reads(speechStarted('item_1'), speechStopped('item_1'));
    bench.waits(1_000);
    bench.reads(committed('item_1'));
    bench.waits(1_799);
    expect(isShut(bench)).toBe(true);
    bench.waits(1);
    expect(isShut(bench)).toBe(false);
  });

  it('begins at the commit, where that ends the turn', () => {
    const bench = transcribing();
    bench.reads(speechStarted('item_1'), committed('item_1'));
    expect(bench.session.is).toMatchObject({ voice: 'silent', transcript: 'awaited' });
    bench.reads(transcribed('item_1'));
    expect(isShut(bench)).toBe(false);
  });

  it('ends with a transcript that is read before the commit, if it is of the item that stopped', () => {
    const bench = transcribing();
    bench.reads(speechStarted('item_1'), speechStopped('item_1'), transcribed('item_1'));
    expect(isShut(bench)).toBe(false);
  });

  it('is not ended by a transcript that names no item', () => {
    const bench = transcribing();
    bench.reads(speechStarted('item_1'), speechStopped('item_1'), committed('item_1'));
    bench.reads({ type: 'conversation.item.input_audio_transcription.completed' });
    expect(isShut(bench)).toBe(true);
  });

  it('is not ended by a transcript that names no item, though what stopped has named none either', () => {
    const bench = transcribing();
    bench.reads(speechStarted('item_1'), { type: 'input_audio_buffer.speech_stopped' });
    bench.reads({ type: 'conversation.item.input_audio_transcription.completed' });
    expect(isShut(bench)).toBe(true);
  });

  it('is not ended by a commit that names no item', () => {
    const bench = transcribing();
    bench.reads(speechStarted('item_1'), speechStopped('item_1'), { type: 'input_audio_buffer.committed' });
    expect(isShut(bench)).toBe(true);
  });

  it("is over at userTurn('begins'), and begins again at its end", () => {
    const bench = transcribing();
    bench.reads(speechStarted('item_1'), speechStopped('item_1'), committed('item_1'));
    begins(bench);
    expect(bench.session.is.transcript).toBe('unawaited');
    bench.reads(transcribed('item_1'));
    ends(bench);
    expect(isShut(bench)).toBe(true);
    bench.waits(1_800);
    expect(isShut(bench)).toBe(false);
  });

  it('is not begun by the end of a flag that was not raised', () => {
    const bench = transcribing();
    ends(bench);
    bench.reads(speechStopped('item_1'), committed('item_1'));
    expect(isShut(bench)).toBe(false);
  });

  it('ends with the connection', () => {
    const bench = transcribing();
    bench.reads(speechStarted('item_1'), speechStopped('item_1'));
    bench.loses();
    expect(bench.session.is.transcript).toBe('unawaited');
    expect(bench.due).toBe(Infinity);
  });
});
