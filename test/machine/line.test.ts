import { describe, expect, it } from 'vitest';
import { isIdle, takesAudio } from '../../src/machine/index.js';
import { audioDelta, given, limits, sessionUpdated, sessionWith, textDelta, unconfirmed, type Bench } from './bench.js';

const watched = (options: Parameters<typeof given>[0] = {}): Bench =>
  given({ ...options, limits: { silentMs: limits.silentMs, ...options.limits } });
const backlog = (bench: Bench, is: 'over' | 'under' | 'far over'): unknown => bench.step({ type: 'backlog', is });

describe('a peer that has fallen silent', () => {
  it('is asked for a sign of life after 45 s', () => {
    const bench = watched();
    bench.waits(44_999);
    expect(bench.commands).toEqual([]);
    bench.waits(1);
    expect(bench.commands).toEqual([{ do: 'ping' }]);
    expect(bench.session.is.line).toBe('asked');
  });

  it.each<[string, (bench: Bench) => void]>([
    ['a ping or a pong', (bench) => bench.step({ type: 'alive' })],
    ['any frame', (bench) => bench.reads({ type: 'rate_limits.updated' })],
    ['a frame that tells nothing', (bench) => bench.reads({ type: 'weather.changed' })],
    ['a delta', (bench) => bench.reads(textDelta('resp_1'))],
    ['an audio delta', (bench) => bench.reads(audioDelta('resp_1'))],
  ])('lives, if it answers by %s', (_, answers) => {
    const bench = watched({ limits: { responseMs: 300_000 } });
    bench.speaks('story', 'resp_1');
    bench.waits(45_000);
    answers(bench);
    expect(bench.session.is.line).toBe('heard');
    bench.waits(44_999);
    expect(bench.commanded).toEqual(['ping']);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['a ping or a pong', (bench) => bench.step({ type: 'alive' })],
    ['a delta', (bench) => bench.reads(textDelta('resp_1'))],
  ])('is heard by %s before it is asked', (_, happens) => {
    const bench = watched({ limits: { responseMs: 300_000 } });
    bench.speaks('story', 'resp_1');
    bench.waits(30_000);
    happens(bench);
    bench.waits(44_999);
    expect(bench.commands).toEqual([]);
    bench.waits(1);
    expect(bench.commanded).toEqual(['ping']);
  });

  it('is lost if nothing has answered within 10 s', () => {
    const bench = watched();
    bench.waits(54_999);
    expect(bench.ending).toBeNull();
    bench.waits(1);
    expect(bench.ending).toEqual({ kind: 'lost', code: null, reason: 'The peer has been silent for 55000 ms.' });
    expect(bench.commanded).toEqual(['ping', 'give-up-line']);
    expect(bench.notices).toContainEqual({
      kind: 'fault',
      whose: 'network',
      message: 'The peer has been silent for 55000 ms.',
      thrown: null,
    });
  });

  it('has been silent since it was last heard', () => {
    const bench = watched();
    bench.waits(5_000);
    bench.step({ type: 'alive' });
    bench.waits(55_000);
    expect(bench.ending).toMatchObject({ reason: 'The peer has been silent for 55000 ms.' });
  });

  it('is asked by a fetch, which shuts nothing, where the transport cannot ping', () => {
    const bench = watched({ pings: 'cannot ask' });
    bench.waits(45_000);
    expect(bench.updated).toEqual([{ type: 'realtime' }]);
    expect([bench.commands, bench.shut]).toEqual([[], []]);
    bench.reads(sessionUpdated(sessionWith('off')));
    expect(bench.session.is).toMatchObject({ line: 'heard', configuration: 'confirmed' });
  });

  it('has an update wait for the echo of that fetch', () => {
    const bench = watched({ pings: 'cannot ask' });
    bench.waits(45_000);
    bench.asksToConfigure({ instructions: 'Sing.' });
    expect(bench.updated).toHaveLength(1);
    bench.reads(sessionUpdated(sessionWith('off')));
    expect(bench.updated).toHaveLength(2);
  });

  it('lets an update go if that fetch goes unanswered though other frames arrive', () => {
    const bench = watched({ pings: 'cannot ask' });
    bench.waits(45_000);
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.reads({ type: 'rate_limits.updated' });
    bench.waits(10_000);
    expect(bench.updated).toEqual([{ type: 'realtime' }, { type: 'realtime', instructions: 'Sing.' }]);
    expect(bench.faults).toEqual([]);
  });

  it('is not asked by a second fetch: what is out already asks as well', () => {
    const bench = watched({ pings: 'cannot ask', limits: { confirmMs: 60_000 } });
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.waits(45_000);
    expect(bench.updated).toHaveLength(1);
    bench.waits(10_000);
    expect(bench.ending).toMatchObject({ kind: 'lost' });
  });

  it('is not asked by a second fetch while the first is out', () => {
    const bench = watched({ pings: 'cannot ask', limits: { confirmMs: 300_000 } });
    bench.waits(45_000);
    bench.step({ type: 'alive' });
    bench.waits(45_000);
    expect([bench.session.is.line, bench.updated.length]).toEqual(['asked', 1]);
  });

  it('is not asked by a fetch before anything was confirmed', () => {
    const bench = unconfirmed({ pings: 'cannot ask', limits: { silentMs: 45_000 } });
    bench.waits(45_000);
    expect(bench.written).toEqual([]);
  });

  it('is watched all the time, and nobody waits for it', () => {
    const bench = watched();
    expect([bench.due, isIdle(bench.session)]).toEqual([45_000, true]);
  });

  it('is nothing to wait for beside a request that is out', () => {
    const bench = watched();
    bench.asks('story');
    expect([bench.session.awaits, isIdle(bench.session)]).toEqual(['something', false]);
  });

  it('is watched no longer once the session is closing', () => {
    const bench = watched();
    bench.closes();
    bench.loses();
    expect(bench.due).toBe(Infinity);
  });
});

describe('a reader that has stalled', () => {
  it('has audio dropped until it reads again, and is told once', () => {
    const bench = given();
    backlog(bench, 'over');
    backlog(bench, 'over');
    expect(takesAudio(bench.session)).toBe(false);
    expect(bench.notices).toEqual([
      {
        kind: 'fault',
        whose: 'network',
        message: 'The peer does not read what is sent: audio is dropped until it does.',
        thrown: null,
      },
    ]);
    backlog(bench, 'under');
    expect(takesAudio(bench.session)).toBe(true);
    expect(bench.faults).toHaveLength(1);
  });

  it('is told by nothing else: one that reads on is no fault', () => {
    const bench = given();
    backlog(bench, 'under');
    expect(bench.faults).toEqual([]);
  });

  it('is reported again when it stalls again', () => {
    const bench = given();
    for (const is of ['over', 'under', 'over'] as const) backlog(bench, is);
    expect(bench.faults).toHaveLength(2);
  });

  it('is lost after 30 s', () => {
    const bench = given();
    bench.waits(1_000);
    backlog(bench, 'over');
    bench.waits(29_999);
    expect(bench.ending).toBeNull();
    bench.waits(1);
    expect(bench.ending).toEqual({ kind: 'lost', code: null, reason: 'The peer has stopped reading.' });
    expect(bench.commanded).toEqual(['give-up-line']);
  });

  it('is not lost if it reads again in time', () => {
    const bench = given();
    backlog(bench, 'over');
    bench.waits(29_999);
    backlog(bench, 'under');
    bench.waits(10_000);
    expect(bench.ending).toBeNull();
  });

  it('is lost at once where far too much waits to be sent', () => {
    const bench = given();
    backlog(bench, 'far over');
    const reason = 'The peer has stopped reading, and too much waits to be sent.';
    expect(bench.ending).toEqual({ kind: 'lost', code: null, reason });
    expect(bench.faults).toEqual([reason]);
  });

  it('bothers nobody once the session is closing', () => {
    const bench = given();
    bench.closes();
    backlog(bench, 'far over');
    backlog(bench, 'over');
    expect([bench.faults, bench.ending]).toEqual([[], null]);
  });
});

describe('a line whose end never comes', () => {
  it('is given up 5 s after close(); the session has ended as was said', () => {
    const bench = given();
    bench.waits(1_000);
    bench.closes();
    bench.waits(4_999);
    expect(bench.ending).toBeNull();
    bench.waits(1);
    expect(bench.ending).toEqual({ kind: 'closed' });
    expect(bench.commanded).toEqual(['close-line', 'give-up-line']);
    expect(bench.due).toBe(Infinity);
  });

  it('is reported to those who await a response', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.closes();
    bench.waits(5_000);
    expect(bench.notices.find(({ kind }) => kind === 'ended')).toMatchObject({
      outcome: { message: 'The connection ended before the response did (no close frame, it did not close).' },
    });
  });
});

describe('a line that is being closed', () => {
  it('is neither asked for a sign of life nor given up before its time, though something else is due', () => {
    const bench = watched();
    bench.waits(38_000);
    const story = bench.asks('story');
    bench.waits(6_000);
    bench.closes();
    bench.waits(4_000);
    expect([story.outcome, bench.commanded]).toEqual(['unsent by unanswered', ['close-line']]);
  });
});
