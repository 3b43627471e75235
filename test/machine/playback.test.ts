import { describe, expect, it } from 'vitest';
import { isCut, stateOf } from '../../src/machine/index.js';
import {
  audioDelta,
  created,
  done,
  given,
  sessionUpdated,
  sessionWith,
  speechStarted,
  textDelta,
  type Bench,
  type Detection,
} from './bench.js';

/** A response that has produced this many milliseconds, and has ended. */
const brought = (ms: number, detection: Detection = 'off'): Bench => {
  const bench = given({ detection });
  bench.speaks('story', 'resp_1');
  bench.reads(audioDelta('resp_1', ms), done('resp_1'));
  return bench;
};

describe('what was heard of a response', () => {
  it('is all, once it has had the time to be played', () => {
    const bench = brought(1_000);
    bench.waits(999);
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['untold', 'playing']);
    bench.waits(1);
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['heard', 'drained']);
  });

  it('is told for the requests that it answers', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 10), done('resp_1'));
    bench.waits(10);
    expect(bench.notices).toContainEqual({ kind: 'heard', response: 'resp_1', requests: [story.id], how: 'heard' });
  });

  it('is all at once, where it was played before the response ended', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 500));
    bench.waits(800);
    bench.reads(done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('is cut of a response that broke off, though all that there is of it was heard', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 500), done('resp_1', 'incomplete'));
    bench.waits(500);
    expect(bench.heardOf('resp_1')).toBe('cut');
  });

  it('is nothing of text', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(textDelta('resp_1'), done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('none');
  });

  it('is told of each response at its own end: they are played one after the other', () => {
    const bench = brought(1_000);
    bench.reads(created('resp_2'), audioDelta('resp_2', 500), done('resp_2'));
    bench.waits(1_000);
    expect([bench.heardOf('resp_1'), bench.heardOf('resp_2')]).toEqual(['heard', 'untold']);
    bench.waits(500);
    expect(bench.heardOf('resp_2')).toBe('heard');
  });

  it('is told of each at its own end, where it had come with a pause', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 300));
    bench.waits(1_000);
    bench.reads(audioDelta('resp_1', 300), done('resp_1'));
    bench.reads(created('resp_2'), audioDelta('resp_2', 5_000), done('resp_2'));
    bench.waits(300);
    expect([bench.heardOf('resp_1'), bench.heardOf('resp_2')]).toEqual(['heard', 'untold']);
  });

  it('is told of each at its own end, where an earlier item of it was cut', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000, 'item_1'));
    bench.waits(400);
    bench.step({ type: 'interrupt' });
    bench.reads(audioDelta('resp_1', 500, 'item_2'), done('resp_1', 'incomplete'));
    bench.reads(created('resp_2'), audioDelta('resp_2', 5_000), done('resp_2'));
    bench.waits(500);
    expect([bench.heardOf('resp_1'), bench.heardOf('resp_2')]).toEqual(['cut', 'untold']);
  });

  it('is told of several items as a whole', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 300, 'item_1'), audioDelta('resp_1', 300, 'item_2'), done('resp_1'));
    bench.waits(599);
    expect(bench.heardOf('resp_1')).toBe('untold');
    bench.waits(1);
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('is counted from when it arrives, where there was a pause', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 300));
    bench.waits(1_000);
    bench.reads(audioDelta('resp_1', 300), done('resp_1'));
    bench.waits(299);
    expect(bench.heardOf('resp_1')).toBe('untold');
    bench.waits(1);
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it.each([
    ['some of it, when the connection was lost', 400, 'cut'],
    ['nothing of it, when the connection was lost', 0, 'none'],
  ])('is %s', (_, ms, how) => {
    const bench = brought(1_000);
    bench.waits(ms);
    bench.loses();
    expect(bench.heardOf('resp_1')).toBe(how);
  });

  it.each([
    ['cut, where some of it was heard', 100, 'cut'],
    ['none, where nothing of it was', 0, 'none'],
  ])('of a response that the connection took is %s', (_, ms, how) => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 500));
    bench.waits(ms);
    bench.loses();
    expect(bench.heardOf('resp_1')).toBe(how);
  });
});

describe('what is being heard', () => {
  it('is cut when the user speaks: the server is told how much of it was heard', () => {
    const bench = brought(1_000, 'automatic');
    bench.waits(400);
    bench.reads(speechStarted());
    expect(bench.truncated).toEqual([['item_of_resp_1', 400]]);
    expect(bench.written.at(-1)).toMatchObject({ content_index: 0 });
    expect(bench.heardOf('resp_1')).toBe('cut');
    expect(bench.notices).toContainEqual({ kind: 'cut', heard: [{ itemId: 'item_of_resp_1', ms: 400 }] });
    expect(bench.session.is.playback).toBe('drained');
  });

  it('is left alone where the server does not let the user interrupt', () => {
    const bench = brought(1_000, 'uninterruptible');
    bench.waits(400);
    bench.reads(speechStarted());
    expect([bench.truncated, bench.heardOf('resp_1')]).toEqual([[], 'untold']);
  });

  it("is left alone at userTurn('begins'): that is the program's to do", () => {
    const bench = brought(1_000, 'automatic');
    bench.waits(400);
    bench.turns('begins');
    expect(bench.truncated).toEqual([]);
  });

  it('is cut by interrupt(), together with the response that still speaks', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000));
    bench.waits(250);
    bench.step({ type: 'interrupt' });
    expect([bench.cancelled, bench.truncated]).toEqual([['resp_1'], [['item_of_resp_1', 250]]]);
    bench.reads(done('resp_1', 'cancelled'));
    expect(bench.heardOf('resp_1')).toBe('cut');
  });

  it('is not truncated where nothing of it was heard, and then was not heard', () => {
    const bench = brought(1_000, 'automatic');
    bench.reads(speechStarted());
    expect([bench.truncated, bench.heardOf('resp_1')]).toEqual([[], 'none']);
    expect(bench.notices).toContainEqual({ kind: 'cut', heard: [] });
  });

  it('stands still once it is cut: the clock hears nothing more of it', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000), speechStarted());
    bench.waits(500);
    bench.reads(done('resp_1', 'cancelled'));
    expect(bench.heardOf('resp_1')).toBe('none');
  });

  it('is truncated in the item that was being played, not in those that were heard or are to come', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    for (const item of ['item_1', 'item_2', 'item_3']) bench.reads(audioDelta('resp_1', 300, item));
    bench.waits(450);
    bench.reads(speechStarted());
    expect(bench.truncated).toEqual([['item_2', 150]]);
    expect(['item_1', 'item_2', 'item_3'].map((item) => isCut(bench.session, item))).toEqual([true, true, true]);
  });

  it('is not cut yet, and neither is an item that nobody knows', () => {
    const bench = brought(1_000);
    expect([isCut(bench.session, 'item_of_resp_1'), isCut(bench.session, 'jingle')]).toEqual([false, false]);
  });

  it('is truncated also where it has arrived after the end of its response', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1'), audioDelta('resp_1', 1_000));
    bench.waits(400);
    bench.reads(speechStarted());
    expect(bench.truncated).toEqual([['item_of_resp_1', 400]]);
  });

  it('is cut of the response that is being played; of the next, nothing was heard', () => {
    const bench = brought(1_000, 'automatic');
    bench.reads(created('resp_2'), audioDelta('resp_2', 500), done('resp_2'));
    bench.waits(400);
    bench.reads(speechStarted());
    expect([bench.heardOf('resp_1'), bench.heardOf('resp_2')]).toEqual(['cut', 'none']);
  });

  it('is not truncated out of band, but is reported', () => {
    const bench = given({ detection: 'automatic' });
    bench.asks('aside', { params: { conversation: 'none', output_modalities: ['audio'] } });
    bench.creates('resp_1', { conversation_id: null });
    bench.reads(audioDelta('resp_1', 1_000), done('resp_1'));
    bench.waits(400);
    bench.reads(speechStarted());
    expect([bench.truncated, bench.heardOf('resp_1')]).toEqual([[], 'cut']);
    expect(bench.notices).toContainEqual({ kind: 'cut', heard: [{ itemId: 'item_of_resp_1', ms: 400 }] });
  });

  it('does not go on with what still arrives of a cut item', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000));
    bench.waits(400);
    bench.reads(speechStarted(), audioDelta('resp_1', 5_000));
    expect(bench.session.is.playback).toBe('drained');
    bench.reads(done('resp_1', 'cancelled'));
    expect(bench.heardOf('resp_1')).toBe('cut');
  });

  it('begins no new stretch with what arrives of a cut item once that is over', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000));
    bench.waits(400);
    bench.reads(speechStarted(), done('resp_1', 'cancelled'), audioDelta('resp_1', 5_000));
    expect(bench.session.is.playback).toBe('drained');
    expect(bench.shut).not.toContain('playback');
  });

  it('does not put off what comes next by what still arrives of a cut item', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000));
    bench.waits(400);
    bench.reads(speechStarted(), audioDelta('resp_1', 5_000), done('resp_1', 'cancelled'));
    bench.reads(created('resp_2'), audioDelta('resp_2', 500), done('resp_2'));
    bench.waits(500);
    expect(bench.heardOf('resp_2')).toBe('heard');
  });

  it('is cut where it stood after a pause, not by the clock alone', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 300));
    bench.waits(1_000);
    bench.reads(audioDelta('resp_1', 600));
    bench.waits(100);
    bench.reads(speechStarted());
    expect(bench.truncated).toEqual([['item_of_resp_1', 400]]);
  });

  it('is cut once: a second turn cuts nothing', () => {
    const bench = brought(1_000, 'automatic');
    bench.waits(400);
    bench.reads(speechStarted('item_a'), speechStarted('item_b'));
    expect(bench.truncated).toHaveLength(1);
  });

  it('is cut once: a second interrupt() tells and truncates nothing', () => {
    const bench = brought(1_000);
    bench.waits(400);
    bench.step({ type: 'interrupt' });
    bench.step({ type: 'interrupt' });
    expect(bench.truncated).toHaveLength(1);
    expect(bench.notices.filter(({ kind }) => kind === 'cut')).toHaveLength(1);
  });

  it('was cut also where the response ends as if nothing had happened, and another was heard before it', () => {
    const bench = brought(500, 'automatic');
    bench.waits(500);
    bench.speaks('more', 'resp_2');
    bench.reads(audioDelta('resp_2', 1_000));
    bench.waits(400);
    bench.reads(speechStarted(), done('resp_2'));
    expect([bench.heardOf('resp_1'), bench.heardOf('resp_2')]).toEqual(['heard', 'cut']);
  });

  it('was heard, though another was cut before it', () => {
    const bench = brought(1_000);
    bench.waits(400);
    bench.step({ type: 'interrupt' });
    bench.speaks('more', 'resp_2');
    bench.reads(audioDelta('resp_2', 500));
    bench.waits(500);
    bench.reads(done('resp_2'));
    expect([bench.heardOf('resp_1'), bench.heardOf('resp_2')]).toEqual(['cut', 'heard']);
  });

  it('is over by itself: a turn after its end cuts nothing', () => {
    const bench = brought(500, 'automatic');
    bench.waits(500);
    bench.reads(speechStarted());
    expect([bench.truncated, bench.notices.some(({ kind }) => kind === 'cut')]).toEqual([[], false]);
  });

  it('has a refused truncation told to nobody', () => {
    const bench = brought(1_000, 'automatic');
    bench.waits(400);
    bench.reads(speechStarted());
    const eventId = bench.written.at(-1)!['event_id'];
    bench.reads({ type: 'error', error: { code: 'invalid_value', event_id: eventId } });
    expect(bench.faults).toEqual([]);
  });

  it('is remembered by its last 32 items', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    for (let count = 0; count < 40; count++) bench.reads(audioDelta('resp_1', 1, `item_${count}`));
    expect(bench.session.playback.items.size).toBe(32);
  });

  it('says in the state how long it will last; nothing once it is over', () => {
    const bench = brought(1_000);
    expect(stateOf(bench.session, 300).playback).toEqual({ state: 'playing', remainingMs: 700 });
    bench.waits(1_000);
    expect(stateOf(bench.session, 1_000).playback).toEqual({ state: 'drained', remainingMs: 0 });
  });
});

describe('the output format', () => {
  it.each([
    ['audio/pcmu', 8],
    ['audio/pcma', 8],
    ['audio/pcm', 48],
  ])('%s has %i bytes a millisecond', (type, bytes) => {
    const bench = given();
    const settings = sessionWith('off', { audio: { output: { format: { type } } } });
    bench.reads(sessionUpdated(settings));
    bench.speaks('story', 'resp_1');
    const event = { type: 'response.output_audio.delta', response_id: 'resp_1', item_id: 'item_1' };
    bench.step({ type: 'frame', event, audioBytes: bytes * 100 });
    bench.reads(done('resp_1'));
    bench.waits(99);
    expect(bench.heardOf('resp_1')).toBe('untold');
    bench.waits(1);
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('that changes leaves what was produced before as long as it was', () => {
    const bench = brought(1_000);
    bench.speaks('more', 'resp_2', { params: { conversation: 'none' } });
    bench.reads(audioDelta('resp_2', 100), sessionUpdated({ audio: { output: { format: { type: 'audio/pcmu' } } } }));
    bench.waits(999);
    expect(bench.heardOf('resp_1')).toBe('untold');
    bench.waits(1);
    expect(bench.heardOf('resp_1')).toBe('heard');
    bench.reads(done('resp_2'));
    expect(bench.notices).toContainEqual(
      expect.objectContaining({
        kind: 'ended',
        response: 'resp_2',
        outcome: expect.objectContaining({ audioMs: 100 }),
      }),
    );
  });

  it('stays what it was where the session says nothing of it', () => {
    const bench = given();
    bench.reads(sessionUpdated({ audio: { output: { format: { type: 'audio/pcmu' } } } }), sessionUpdated({}));
    expect(bench.session.playback.bytesPerMs).toBe(8);
  });
});

describe('an audio delta', () => {
  it('has the one empty result, as every input that comes to nothing', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    const delta = { type: 'frame', event: audioDelta('resp_1', 1), audioBytes: 48 } as const;
    const [first, second] = [bench.step(delta), bench.step(delta)];
    expect(first).toBe(second);
    expect(Object.isFrozen(second)).toBe(true);
    expect(second).toEqual({ frames: [], notices: [], commands: [] });
  });

  it('that comes late is a gap, and no end: nothing is due in it, and playing ends with the response', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 100));
    const before = bench.session.steps;
    bench.waits(200);
    expect([bench.session.is.playback, bench.session.steps - before]).toEqual(['playing', 0]);
    bench.reads(audioDelta('resp_1', 100));
    bench.reads(done('resp_1'));
    bench.waits(99);
    expect(bench.session.is.playback).toBe('playing');
    bench.waits(1);
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['heard', 'drained']);
  });

  it('of the thirty-third answer that waits to be heard has the first taken for heard', () => {
    const bench = given({ limits: { responsesInARow: 99 } });
    for (let count = 1; count <= 33; count++) {
      bench.speaks('story', `resp_${count}`);
      bench.reads(audioDelta(`resp_${count}`, 1_000));
      bench.reads(done(`resp_${count}`));
    }
    expect([bench.heardOf('resp_1'), bench.heardOf('resp_2')]).toEqual(['heard', 'untold']);
  });

  it('of a response that nobody knows opens it', () => {
    const bench = given();
    bench.reads(audioDelta('resp_unknown', 100));
    expect(bench.shut).toEqual(['response-active']);
    expect(bench.session.is.playback).toBe('playing');
  });

  it('of a response whose created was lost plays from its first byte', () => {
    const bench = given();
    bench.reads(audioDelta('resp_9', 500), done('resp_9'));
    bench.waits(499);
    expect([bench.heardOf('resp_9'), bench.session.is.playback]).toEqual(['untold', 'playing']);
    bench.waits(1);
    expect(bench.heardOf('resp_9')).toBe('heard');
  });

  it('has its bytes counted once, also where it is a step of its own', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 100), audioDelta('resp_1', 100));
    expect(bench.session.responses.open.get('resp_1')?.audioBytes).toBe(9_600);
  });
});
