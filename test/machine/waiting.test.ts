/** Notices about a waiting request: which guards hold it at each step, that it is put back, when it is first heard. */
import { describe, expect, it, vi } from 'vitest';
import type { Notice } from '../../src/machine/index.js';
import { audioDelta, type Bench, conflict, done, given, serverPlays, speechStarted, speechStopped } from './bench.js';

/** The notices about waiting requests, in order. */
const toldOf = (bench: Bench): readonly unknown[] =>
  bench.notices.flatMap((notice) => {
    if (notice.kind === 'held' || notice.kind === 'waits') return [[notice.kind, ...notice.by]];
    return ['admitted', 'put-back', 'sent-again', 'refused'].includes(notice.kind) ? [[notice.kind]] : [];
  });
const particulars = (bench: Bench): unknown =>
  bench.notices.findLast((notice): notice is Extract<Notice, { kind: 'record' }> => notice.kind === 'record')
    ?.particulars;
const firstAudioOf = (bench: Bench): unknown =>
  bench.notices.findLast((notice): notice is Extract<Notice, { kind: 'ended' }> => notice.kind === 'ended')
    ?.firstAudioAt;

describe('a request that waits', () => {
  it('tells each time that other guards hold it', () => {
    const bench = given({ detection: 'automatic' });
    bench.reads(speechStarted('item_1'));
    bench.asks('greeting');
    bench.reads(speechStopped('item_1'));
    bench.waits(bench.session.rules.limits.imminentMs);
    expect(toldOf(bench)).toEqual([['held', 'user-speaking'], ['waits', 'response-imminent'], ['admitted']]);
  });

  it('tells nothing while the same guards hold it', () => {
    const bench = given();
    bench.turns('begins');
    bench.asks('greeting');
    bench.step({ type: 'reconsider' });
    expect(toldOf(bench)).toEqual([['held', 'user-speaking']]);
  });

  it('tells that it is put back, what holds it then, and that it is sent again', () => {
    const bench = given();
    bench.asks('greeting');
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), done('resp_9'));
    expect(toldOf(bench)).toEqual([['admitted'], ['put-back'], ['waits', 'response-active'], ['sent-again']]);
  });
});

describe('an event that comes while many requests wait', () => {
  it('looks at none of them while the same guards hold them', () => {
    const bench = given({ limits: { held: 100 } });
    bench.turns('begins');
    for (let count = 0; count < 100; count++) bench.asks('greeting');
    const looks = vi.spyOn(bench.session.requests.all, 'get');
    bench.reads(speechStarted('item_1'));
    expect(looks).not.toHaveBeenCalled();
  });

  it('looks at each of them once when other guards hold them', () => {
    const bench = given({ detection: 'automatic', limits: { held: 100 } });
    bench.reads(speechStarted('item_1'));
    for (let count = 0; count < 100; count++) bench.asks('greeting');
    const looks = vi.spyOn(bench.session.requests.all, 'get');
    bench.reads(speechStopped('item_1'));
    expect(looks).toHaveBeenCalledTimes(100);
  });
});

describe('the record of a request', () => {
  it('comes with every guard that was shut when it was refused', () => {
    const bench = given({ limits: { responsesInARow: 0 } });
    bench.turns('begins');
    bench.asks('greeting');
    expect(particulars(bench)).toMatchObject({ shut: ['loop', 'user-speaking'] });
  });

  it('comes with the guards that held it to the last, where it lapsed', () => {
    const bench = given();
    bench.turns('begins');
    bench.asks('greeting', { holdForMs: 10 });
    bench.waits(20);
    expect(particulars(bench)).toMatchObject({ shut: ['user-speaking'] });
  });

  it('comes with no guard where it was admitted, also after a hold', () => {
    const bench = given();
    bench.turns('begins');
    bench.asks('greeting');
    bench.turns('ends');
    expect(particulars(bench)).toMatchObject({ shut: [] });
  });

  it('comes with where it stands, who asked, and what it tries again', () => {
    const bench = given();
    bench.asks('greeting', { params: { conversation: 'none' }, origin: 'retry', attempt: 2, root: 7 });
    expect(particulars(bench)).toMatchObject({ lane: 'out-of-band', origin: 'retry', attempt: 2, root: 7 });
  });
});

describe('the end of a response', () => {
  it('says when its first audio came', () => {
    const bench = given();
    bench.speaks('greeting', 'resp_1');
    bench.now = 30;
    bench.reads(audioDelta('resp_1'));
    bench.now = 40;
    bench.reads(audioDelta('resp_1'), done('resp_1'));
    expect(firstAudioOf(bench)).toBe(30);
  });

  it('says when its first audio came, also while the response before it is still heard', () => {
    const bench = given();
    bench.speaks('greeting', 'resp_1');
    bench.reads(audioDelta('resp_1', 9_000), done('resp_1'));
    bench.speaks('reply', 'resp_2');
    bench.now = 30;
    bench.reads(audioDelta('resp_2'), done('resp_2'));
    expect(firstAudioOf(bench)).toBe(30);
  });

  it('says when the server began to play it, where the server plays', () => {
    const bench = given({ line: 'sideband' });
    bench.speaks('greeting', 'resp_1');
    bench.now = 30;
    bench.reads(serverPlays('started', 'resp_1'));
    bench.now = 40;
    bench.reads(done('resp_1'));
    expect(firstAudioOf(bench)).toBe(30);
  });

  it('says that there was no audio', () => {
    const bench = given();
    bench.speaks('greeting', 'resp_1');
    bench.reads(done('resp_1'));
    expect(firstAudioOf(bench)).toBeNull();
  });
});
