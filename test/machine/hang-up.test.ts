import { describe, expect, it } from 'vitest';
import {
  audioDelta,
  conflict,
  created,
  done,
  failed,
  given,
  limits,
  refusal,
  serverPlays,
  sessionUpdated,
  sessionWith,
  speechStarted,
  speechStopped,
  textDelta,
  type Bench,
} from './bench.js';

type Settings = Parameters<typeof given>[0];
const phone = (options: Settings = {}): Bench => given({ endsCall: 'yes', ...options });
/** A hang-up whose farewell has been created, with this many milliseconds of audio. */
const saying = (ms: number, options: Settings = {}, asked: Parameters<Bench['hangsUp']>[0] = {}): Bench => {
  const bench = phone(options);
  bench.hangsUp(asked);
  bench.creates('resp_bye');
  if (ms > 0) bench.reads(audioDelta('resp_bye', ms));
  return bench;
};
const legEnds = (bench: Bench, words?: string): unknown =>
  bench.step({ type: 'call-ended', threw: words === undefined ? null : { ref: 1, words } });
const endingOf = (bench: Bench): unknown => {
  bench.loses(1000);
  return bench.ending;
};
const wasResumed = (bench: Bench): boolean => bench.notices.some(({ kind }) => kind === 'resumed');

describe('a hang-up without a farewell', () => {
  it('has the leg ended, then the line closed', () => {
    const bench = phone();
    bench.hangsUp({ farewell: null });
    expect(bench.commands).toEqual([{ do: 'end-call', why: 'asked' }]);
    legEnds(bench);
    expect(bench.commanded).toEqual(['end-call asked', 'close-line']);
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  it('closes at once where there is no leg to end', () => {
    const bench = given();
    bench.hangsUp({ farewell: null });
    expect(bench.commanded).toEqual(['close-line']);
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  it('is not stopped by a user who speaks: there is nothing to talk over', () => {
    const bench = phone({ detection: 'automatic' });
    bench.reads(speechStarted());
    bench.hangsUp({ farewell: null });
    expect(bench.commanded).toEqual(['end-call asked']);
  });
});

describe('a farewell', () => {
  it('is asked for at once, with its parameters', () => {
    const bench = phone();
    bench.hangsUp();
    expect(bench.created).toEqual(['farewell']);
    expect(bench.creations[0]).toMatchObject({ response: { instructions: 'Say goodbye.' } });
  });

  it('may call no tool, unless its parameters say so', () => {
    const [bench, calling] = [phone(), phone()];
    bench.hangsUp();
    calling.hangsUp({ farewell: { tool_choice: 'auto' } });
    expect(bench.creations[0]).toMatchObject({ response: { tool_choice: 'none' } });
    expect(calling.creations[0]).toMatchObject({ response: { tool_choice: 'auto' } });
  });

  it('is heard to its end before the leg is ended', () => {
    const bench = saying(2_000);
    bench.reads(done('resp_bye'));
    bench.waits(1_999);
    expect(bench.commands).toEqual([]);
    bench.waits(1);
    expect(bench.commanded).toEqual(['end-call asked']);
    legEnds(bench);
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell: 'heard' });
  });

  it.each<[string, (bench: Bench) => void, number, string]>([
    ['without a sound has failed', (bench) => bench.reads(textDelta('resp_bye'), done('resp_bye')), 0, 'failed'],
    ['that the server broke off was cut', (bench) => bench.reads(done('resp_bye', 'incomplete')), 100, 'cut'],
    ['broken off without a sound has failed', (bench) => bench.reads(done('resp_bye', 'incomplete')), 0, 'failed'],
    ['that was cancelled was cut', (bench) => bench.reads(done('resp_bye', 'cancelled')), 100, 'cut'],
    ['that failed has failed', (bench) => bench.reads(failed('resp_bye', 'server_error')), 100, 'failed'],
  ])('%s', (_, happens, ms, farewell) => {
    const bench = saying(ms);
    happens(bench);
    bench.waits(100);
    expect(bench.commanded).toEqual(['end-call asked']);
    legEnds(bench);
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell });
  });

  it('that the server refuses has failed', () => {
    const bench = phone();
    bench.hangsUp();
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    legEnds(bench);
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell: 'failed' });
  });

  it('waits for the slot, and no longer than the deadline', () => {
    const bench = phone();
    bench.reads(created('resp_0'));
    bench.hangsUp();
    bench.waits(8_999);
    expect(bench.commands).toEqual([]);
    bench.waits(1);
    expect(bench.commanded[0]).toBe('end-call asked');
    expect(endingOf(bench)).toMatchObject({ kind: 'hung-up', farewell: 'failed' });
  });

  it('that is put back keeps the hang-up waiting for it', () => {
    const bench = phone();
    bench.hangsUp();
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), done('resp_9', 'cancelled'));
    expect(bench.created).toEqual(['farewell', 'farewell']);
    bench.creates('resp_bye');
    bench.reads(audioDelta('resp_bye', 10), done('resp_bye'));
    bench.waits(10);
    expect(bench.commanded).toEqual(['end-call asked']);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['failed', (bench) => bench.reads(failed('resp_0', 'server_error'))],
    ['ended without a sound', (bench) => bench.reads(done('resp_0'))],
  ])('is not judged by another response that %s', (_, happens) => {
    const bench = phone();
    bench.reads(created('resp_0'));
    bench.hangsUp();
    happens(bench);
    expect([bench.commands, bench.created]).toEqual([[], ['farewell']]);
  });

  it('is not judged by a response that was asked for before it and created after', () => {
    const bench = phone();
    bench.asks('story');
    bench.hangsUp();
    bench.creates('resp_0');
    bench.reads(done('resp_0'));
    expect([bench.commands, bench.created]).toEqual([[], ['story', 'farewell']]);
  });

  it('is asked for once, though the server confirms late that it will be quiet', () => {
    const bench = phone({ detection: 'automatic' });
    bench.hangsUp({ onBargeIn: 'hang-up' });
    bench.waits(3_000);
    bench.reads(sessionUpdated(sessionWith('silent')));
    bench.creates('resp_bye');
    bench.reads(audioDelta('resp_bye', 10), done('resp_bye'));
    expect(bench.created).toEqual(['farewell']);
  });

  it('is not judged by how another response is heard', () => {
    const bench = phone();
    bench.reads(created('resp_0'), audioDelta('resp_0', 500));
    bench.hangsUp();
    bench.reads(done('resp_0'));
    bench.waits(500);
    expect(bench.commands).toEqual([]);
    expect(bench.created).toEqual(['farewell']);
  });
});

describe('barge-in, where the call is to go on', () => {
  it.each<[string, (bench: Bench) => void]>([
    ['the user speaks', (bench) => bench.reads(speechStarted())],
    ['a response is imminent', (bench) => bench.reads(speechStarted(), speechStopped())],
    ['the user holds the button', (bench) => bench.turns('begins')],
  ])('is there already at hangup() where %s: nothing is sent', (_, happens) => {
    const bench = phone({ detection: 'automatic' });
    happens(bench);
    bench.forget();
    bench.hangsUp();
    expect([bench.notices, bench.written, bench.commands]).toEqual([[{ kind: 'resumed' }], [], []]);
    expect(bench.shut).not.toContain('hangup-pending');
  });

  it.each<[string, (bench: Bench) => void]>([
    ['by the server’s hearing', (bench) => bench.reads(speechStarted())],
    ['by hand', (bench) => bench.turns('begins')],
  ])('%s cancels by id what is being said', (_, happens) => {
    const bench = saying(100, { detection: 'quiet' });
    happens(bench);
    expect([wasResumed(bench), bench.cancelled]).toEqual([true, ['resp_bye']]);
    expect(bench.session.is.hangup).toBe('none');
    bench.reads(done('resp_bye', 'cancelled'));
    bench.waits(20_000);
    expect(bench.commands).toEqual([]);
  });

  it('withdraws a farewell that is held', () => {
    const bench = phone({ detection: 'quiet' });
    bench.reads(created('resp_0'));
    bench.hangsUp();
    bench.reads(speechStarted(), done('resp_0', 'cancelled'), speechStopped());
    expect([wasResumed(bench), bench.created]).toEqual([true, []]);
  });

  it('cancels a farewell that is on its way as soon as it exists', () => {
    const bench = phone({ detection: 'uninterruptible' });
    bench.hangsUp();
    bench.reads(speechStarted());
    expect(bench.cancelled).toEqual([]);
    bench.creates('resp_bye');
    expect(bench.cancelled).toEqual(['resp_bye']);
  });

  it('ends what is still heard of it, also where the server does not interrupt', () => {
    const bench = saying(2_000, { detection: 'uninterruptible' });
    bench.reads(done('resp_bye'));
    bench.waits(500);
    bench.reads(speechStarted());
    expect(bench.truncated).toEqual([['item_of_resp_bye', 500]]);
    expect(wasResumed(bench)).toBe(true);
  });

  it('ends what is still heard of it once, where the server interrupts', () => {
    const bench = saying(2_000, { detection: 'quiet' });
    bench.reads(done('resp_bye'));
    bench.waits(500);
    bench.reads(speechStarted());
    expect([wasResumed(bench), bench.truncated]).toEqual([true, [['item_of_resp_bye', 500]]]);
    bench.waits(20_000);
    expect(bench.commands).toEqual([]);
  });

  it('leaves it to the server to stop what it plays, where it interrupts', () => {
    const bench = saying(0, { detection: 'quiet', line: 'sideband' });
    bench.reads(serverPlays('started', 'resp_bye'));
    bench.forget();
    bench.reads(speechStarted());
    expect(bench.written.map(({ type }) => type)).toEqual(['response.cancel']);
  });

  it('ends what is still heard of it at a button that the server does not hear', () => {
    const bench = saying(2_000);
    bench.reads(done('resp_bye'));
    bench.waits(500);
    bench.turns('begins');
    expect(bench.truncated).toEqual([['item_of_resp_bye', 500]]);
  });

  it('leaves the session to be configured', () => {
    const bench = saying(100, { detection: 'quiet' });
    bench.asksToConfigure({ instructions: 'Sing.' });
    expect(bench.updated).toMatchObject([{ instructions: 'Sing.' }]);
  });

  it('lets what is asked for afterwards go', () => {
    const bench = saying(100, { detection: 'quiet' });
    bench.reads(speechStarted(), done('resp_bye', 'cancelled'), speechStopped());
    expect(bench.asks('reply').verdict).toBe('admit');
  });

  it('lets hangup() be called again', () => {
    const bench = saying(100, { detection: 'quiet' });
    bench.reads(speechStarted(), done('resp_bye', 'cancelled'), speechStopped());
    bench.hangsUp();
    expect(bench.created).toEqual(['farewell', 'farewell']);
  });

  it('is too late once the leg is being ended', () => {
    const bench = saying(10, { detection: 'quiet' });
    bench.reads(done('resp_bye'));
    bench.waits(10);
    bench.reads(speechStarted());
    expect([wasResumed(bench), bench.session.is.hangup]).toEqual([false, 'ending']);
  });
});

describe('the deadline of a hang-up', () => {
  it.each<[string, number, string]>([
    ['while the farewell is said: it was cut', 20_000, 'cut'],
    ['while it has made no sound yet: it was cut', 0, 'cut'],
  ])('ends it %s', (_, ms, farewell) => {
    const bench = saying(ms);
    bench.waits(9_000);
    expect(bench.commanded[0]).toBe('end-call asked');
    expect(endingOf(bench)).toMatchObject({ kind: 'hung-up', farewell });
  });

  it('ends it while the farewell is neither created nor refused: it has failed', () => {
    const bench = phone();
    bench.hangsUp();
    bench.waits(9_000);
    expect(endingOf(bench)).toMatchObject({ kind: 'hung-up', farewell: 'failed' });
  });

  it('is also the farewell’s: it is not asked for any more while the leg is being ended', () => {
    const bench = phone();
    bench.waits(1_000);
    bench.reads(created('resp_0'));
    bench.hangsUp();
    bench.waits(9_000);
    bench.reads(done('resp_0'));
    expect([bench.created, bench.commanded]).toEqual([[], ['end-call asked']]);
  });

  it('never stands still: not for what is being heard either', () => {
    const bench = phone({ playback: 'waits' });
    bench.reads(created('resp_0'), audioDelta('resp_0', 60_000), done('resp_0'));
    bench.hangsUp();
    bench.waits(9_000);
    expect(bench.commanded[0]).toBe('end-call asked');
  });

  it('closes, though the leg has not been ended in time, and says so in the ending', () => {
    const bench = phone();
    bench.hangsUp({ farewell: null });
    bench.waits(8_999);
    expect(bench.commanded).toEqual(['end-call asked']);
    bench.waits(1);
    expect(bench.commanded).toEqual(['end-call asked', 'close-line']);
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell: 'none', leg: 'unanswered' });
  });
});

describe('the leg', () => {
  it('is ended once where the farewell is due in the step in which the session breaks off', () => {
    const bench = phone();
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.reads(sessionUpdated(sessionWith('off', { instructions: 'Hum.' })));
    bench.hangsUp({ deadlineMs: limits.confirmMs });
    bench.reads({ type: 'rate_limits.updated' });
    bench.waits(limits.confirmMs);
    expect(bench.commanded).toEqual(['close-line', 'end-call asked']);
    bench.loses(1000);
    expect(endingOf(bench)).toMatchObject({ kind: 'lost' });
  });

  it('has five seconds of its own where the farewell has used up the deadline', () => {
    const bench = saying(0, {}, { deadlineMs: 1_000 });
    bench.waits(1_000);
    expect(bench.commanded).toEqual(['end-call asked']);
    bench.waits(4_999);
    legEnds(bench);
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell: 'cut' });
  });

  it('that could not be ended is a fault, and said in the ending', () => {
    const bench = phone();
    bench.hangsUp({ farewell: null });
    legEnds(bench, 'no such call');
    expect(bench.notices).toContainEqual(
      expect.objectContaining({
        message: 'The call could not be ended: no such call',
        thrown: { ref: 1, words: 'no such call' },
      }),
    );
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell: 'none', leg: 'failed' });
  });

  it('has ended once the carrier says so', () => {
    const bench = phone();
    bench.hangsUp({ farewell: null });
    expect(bench.session.is.leg).toBe('ending');
    legEnds(bench);
    expect(bench.session.is.leg).toBe('ended');
  });

  it('that could not be ended though nobody hangs up is a fault, and nothing else', () => {
    const bench = phone();
    legEnds(bench, 'no such call');
    expect([bench.faults, bench.commands]).toEqual([['The call could not be ended: no such call'], []]);
    bench.loses(1006);
    expect(bench.ending).toEqual({ kind: 'lost', code: 1006, reason: '' });
  });

  it('that has ended though nobody hangs up closes nothing', () => {
    const bench = phone();
    legEnds(bench);
    expect(bench.commands).toEqual([]);
  });

  it('is ended once', () => {
    const bench = phone();
    bench.hangsUp({ farewell: null });
    bench.hangsUp({ farewell: null });
    bench.closes();
    bench.loses();
    expect(bench.commanded.filter((each) => each.startsWith('end-call'))).toHaveLength(1);
  });
});

describe('a second hangup()', () => {
  it('joins the first: no second farewell', () => {
    const bench = saying(100);
    bench.hangsUp({ purpose: 'other' });
    expect(bench.created).toEqual(['farewell']);
  });

  it('joins the first: that one’s farewell is heard to its end', () => {
    const bench = saying(100);
    bench.hangsUp({ farewell: null });
    expect(bench.commands).toEqual([]);
    bench.reads(done('resp_bye'));
    bench.waits(100);
    legEnds(bench);
    expect(endingOf(bench)).toEqual({ kind: 'hung-up', farewell: 'heard' });
  });

  it('after close() has the leg ended: that is all that is left of the call', () => {
    const bench = phone();
    bench.closes();
    bench.hangsUp();
    expect(bench.commanded).toEqual(['close-line', 'end-call asked']);
    expect(bench.created).toEqual([]);
  });

  it('after close() has it ended once, however often it is called', () => {
    const bench = phone();
    bench.closes();
    bench.hangsUp();
    bench.hangsUp();
    expect(bench.commanded).toEqual(['close-line', 'end-call asked']);
  });

  it('after the caller has hung up ends nothing', () => {
    const bench = phone({ line: 'sideband' });
    bench.loses(1000);
    bench.hangsUp();
    expect(bench.commands).toEqual([]);
  });

  it('after the end does nothing where there is no leg', () => {
    const bench = given();
    bench.loses();
    bench.hangsUp();
    expect(bench.commands).toEqual([]);
  });
});

describe('a session that ends during a hang-up', () => {
  it('by close() still ends the leg; the first ending stands', () => {
    const bench = saying(2_000);
    bench.closes();
    expect(new Set(bench.commanded)).toEqual(new Set(['close-line', 'end-call asked']));
    expect(endingOf(bench)).toEqual({ kind: 'closed' });
  });

  it('by an accident has the leg ended, and is lost', () => {
    const bench = saying(2_000);
    bench.loses(1006);
    expect(bench.commanded).toEqual(['end-call asked']);
    expect(bench.ending).toMatchObject({ kind: 'lost' });
  });

  it('by the caller, on a sideband, has nothing ended: that is an ending of its own, and no fault', () => {
    const bench = saying(2_000, { line: 'sideband' });
    bench.loses(1000);
    expect([bench.commands, bench.faults]).toEqual([[], []]);
    expect(bench.ending).toEqual({ kind: 'caller-hung-up' });
  });

  it('by the caller, while the end of the farewell is still heard, has nothing ended', () => {
    const bench = saying(2_000, { line: 'sideband' });
    bench.reads(done('resp_bye'));
    bench.loses(1000);
    expect([bench.commands, bench.ending]).toEqual([[], { kind: 'caller-hung-up' }]);
  });

  it('by close(), while the server is told to be quiet, has no farewell asked for any more', () => {
    const bench = phone({ detection: 'automatic' });
    bench.hangsUp({ onBargeIn: 'hang-up' });
    bench.closes();
    bench.waits(5_000);
    expect(bench.faults).toEqual(['The server was not told to be quiet during the farewell: aborted.']);
    expect(bench.notices.filter(({ kind }) => kind === 'refused')).toEqual([]);
  });

  it('by close(), whose leg could not be ended, ends as was said: nobody hung up', () => {
    const bench = saying(2_000);
    bench.closes();
    legEnds(bench, 'no such call');
    expect(endingOf(bench)).toEqual({ kind: 'closed' });
    expect(bench.faults).toEqual(['The call could not be ended: no such call']);
  });

  it('once the leg is being ended, ends as hung up', () => {
    const bench = phone();
    bench.hangsUp({ farewell: null });
    bench.loses(1006);
    expect(bench.ending).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  it('is due for nothing any more', () => {
    const bench = saying(2_000);
    bench.loses();
    expect(bench.due).toBe(Infinity);
  });

  it('without a leg has nothing ended', () => {
    const bench = given();
    bench.hangsUp();
    bench.loses();
    expect(bench.commands).toEqual([]);
  });
});
