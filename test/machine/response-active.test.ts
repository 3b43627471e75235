import { describe, expect, it } from 'vitest';
import {
  audioDelta,
  conflict,
  created,
  done,
  given,
  refusal,
  speechStarted,
  speechStopped,
  type Bench,
} from './bench.js';

const isShut = (bench: Bench): boolean => bench.shut.includes('response-active');

describe('response-active, by a create of ours', () => {
  const out = (): Bench => {
    const bench = given();
    bench.asks('greeting');
    expect(bench.shut).toEqual(['response-active']);
    return bench;
  };

  it('shuts from the moment it is written: one is outstanding at most', () => {
    const bench = out();
    expect(bench.asks('reply').verdict).toBe('hold: response-active');
    expect(bench.created).toEqual(['greeting']);
  });

  it('passes on to its response at the created with its token', () => {
    const bench = out();
    bench.creates('resp_1');
    expect(isShut(bench)).toBe(true);
    bench.reads(done('resp_1'));
    expect(isShut(bench)).toBe(false);
  });

  it('opens at the done with its token, if its created was never read', () => {
    const bench = out();
    const metadata = bench.lastCreate.metadata;
    bench.reads(done('resp_1', 'completed', { metadata }));
    expect(isShut(bench)).toBe(false);
  });

  it('opens at an error that names it', () => {
    const bench = out();
    bench.reads(refusal('invalid_value', bench.lastCreate.eventId));
    expect(isShut(bench)).toBe(false);
  });

  it('opens at its watchdog', () => {
    const bench = out();
    bench.waits(10_000);
    expect(isShut(bench)).toBe(false);
  });

  it.each([
    ['an error that names nothing', refusal('server_error', null)],
    ['an error that names another event', refusal('server_error', 'event_of_another')],
    ['a conflict that names another event', conflict('event_of_another', 'resp_9')],
    ['a done of another response', done('resp_9')],
  ])('stays shut at %s', (_, frame) => {
    const bench = out();
    bench.reads(frame);
    expect(isShut(bench)).toBe(true);
  });
});

describe('response-active, by a response', () => {
  it('shuts at a default created that is not ours', () => {
    const bench = given();
    bench.reads(created('resp_1'));
    expect(bench.shut).toEqual(['response-active']);
  });

  it('shuts at the id that a conflict names, if it has not ended', () => {
    const bench = given();
    bench.asks('greeting');
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(bench.shut).toEqual(['response-active']);
    bench.reads(done('resp_1'));
    expect(bench.created).toEqual(['greeting', 'greeting']);
  });

  it('does not shut at the id that a conflict names, if that has ended: it goes at once', () => {
    const bench = given();
    bench.reads(created('resp_1'), done('resp_1'));
    bench.asks('greeting');
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(bench.created).toEqual(['greeting', 'greeting']);
  });

  it('opens at its done', () => {
    const bench = given();
    bench.reads(created('resp_1'), done('resp_1'));
    expect(bench.shut).toEqual([]);
  });

  it('passes on to a newer default response: the older one frees nothing any more', () => {
    const bench = given();
    bench.reads(created('resp_1'), created('resp_2'), done('resp_2'));
    expect(bench.shut).toEqual([]);
    bench.reads(created('resp_3'), done('resp_1'));
    expect(bench.shut).toEqual(['response-active']);
  });

  it('is held again by an older response if a conflict names it', () => {
    const bench = given();
    bench.reads(created('resp_1'), created('resp_2'), done('resp_2'));
    bench.asks('greeting');
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_1'));
    expect(bench.shut).toEqual(['response-active']);
    bench.reads(done('resp_1'));
    expect(bench.created).toHaveLength(2);
  });

  it('opens at its watchdog, which hears every sign of life', () => {
    const bench = given({ limits: { responseMs: 1_000 } });
    bench.reads(created('resp_1'));
    bench.waits(999);
    bench.reads(audioDelta('resp_1'));
    bench.waits(999);
    expect(isShut(bench)).toBe(true);
    bench.waits(1);
    expect(bench.shut).toEqual([]);
    expect(bench.faults).toEqual(['The server never ended the response resp_1.']);
  });

  it('is opened and closed by an unknown id alone: it touches no other', () => {
    const bench = given();
    bench.reads(created('resp_1'), audioDelta('resp_unknown'));
    bench.reads(done('resp_unknown'));
    expect(bench.shut).toEqual(['response-active']);
    bench.reads(done('resp_1'));
    expect(bench.shut).toEqual([]);
  });

  it('is shut by any frame of an unknown id, until that ends', () => {
    const bench = given();
    bench.reads(audioDelta('resp_unknown'));
    expect(bench.shut).toEqual(['response-active']);
    bench.reads(done('resp_unknown'));
    expect(bench.shut).toEqual([]);
  });

  it.each(['response.created', 'response.done'])('is not shut by a %s without an id: that is a fault', (type) => {
    const bench = given();
    bench.reads({ type, response: {} });
    expect([bench.shut, bench.faults]).toEqual([[], [`The server sent a ${type} without a response id.`]]);
  });

  it('is not shut by stragglers of what has ended, nor by its created, read late', () => {
    const bench = given();
    bench.reads(created('resp_1'), done('resp_1'), audioDelta('resp_1'), created('resp_1'), done('resp_1'));
    expect(bench.shut).toEqual([]);
    expect(bench.notices.filter(({ kind }) => kind === 'ended')).toHaveLength(1);
  });

  it('is not told twice of a response that the server creates twice', () => {
    const bench = given();
    bench.reads(created('resp_1'), created('resp_1'));
    expect(bench.notices.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  });

  it('survives a cancellation within the second: created, then done at once, then the next', () => {
    const bench = given({ detection: 'automatic' });
    for (let count = 0; count < 12; count++) {
      bench.reads(speechStarted(), speechStopped(), created(`resp_${count}`), speechStarted());
      bench.reads(done(`resp_${count}`, 'cancelled', { status_details: { reason: 'turn_detected' } }), speechStopped());
    }
    expect(bench.shut).toEqual(['response-imminent']);
    bench.waits(400);
    expect(bench.shut).toEqual([]);
  });
});
