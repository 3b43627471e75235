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

const isShut = (gate: Bench): boolean => gate.shut.includes('response-active');

describe('response-active, by a create of ours', () => {
  const out = (): Bench => {
    const gate = given();
    gate.asks('greeting');
    expect(gate.shut).toEqual(['response-active']);
    return gate;
  };

  it('shuts from the moment it is written: one is outstanding at most', () => {
    const gate = out();
    expect(gate.asks('reply').verdict).toBe('hold: response-active');
    expect(gate.created).toEqual(['greeting']);
  });

  it('passes on to its response at the created with its token', () => {
    const gate = out();
    gate.creates('resp_1');
    expect(isShut(gate)).toBe(true);
    gate.reads(done('resp_1'));
    expect(isShut(gate)).toBe(false);
  });

  it('opens at the done with its token, if its created was never read', () => {
    const gate = out();
    const metadata = gate.lastCreate.metadata;
    gate.reads(done('resp_1', 'completed', { metadata }));
    expect(isShut(gate)).toBe(false);
  });

  it('opens at an error that names it', () => {
    const gate = out();
    gate.reads(refusal('invalid_value', gate.lastCreate.eventId));
    expect(isShut(gate)).toBe(false);
  });

  it('opens at its watchdog', () => {
    const gate = out();
    gate.waits(10_000);
    expect(isShut(gate)).toBe(false);
  });

  it.each([
    ['an error that names nothing', refusal('server_error', null)],
    ['an error that names another event', refusal('server_error', 'event_of_another')],
    ['a conflict that names another event', conflict('event_of_another', 'resp_9')],
    ['a done of another response', done('resp_9')],
  ])('stays shut at %s', (_, frame) => {
    const gate = out();
    gate.reads(frame);
    expect(isShut(gate)).toBe(true);
  });
});

describe('response-active, by a response', () => {
  it('shuts at a default created that is not ours', () => {
    const gate = given();
    gate.reads(created('resp_1'));
    expect(gate.shut).toEqual(['response-active']);
  });

  it('shuts at the id that a conflict names, if it has not ended', () => {
    const gate = given();
    gate.asks('greeting');
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_1'));
    expect(gate.shut).toEqual(['response-active']);
    gate.reads(done('resp_1'));
    expect(gate.created).toEqual(['greeting', 'greeting']);
  });

  it('does not shut at the id that a conflict names, if that has ended: it goes at once', () => {
    const gate = given();
    gate.reads(created('resp_1'), done('resp_1'));
    gate.asks('greeting');
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_1'));
    expect(gate.created).toEqual(['greeting', 'greeting']);
  });

  it('opens at its done', () => {
    const gate = given();
    gate.reads(created('resp_1'), done('resp_1'));
    expect(gate.shut).toEqual([]);
  });

  it('passes on to a newer default response: the older one frees nothing any more', () => {
    const gate = given();
    gate.reads(created('resp_1'), created('resp_2'), done('resp_2'));
    expect(gate.shut).toEqual([]);
    gate.reads(created('resp_3'), done('resp_1'));
    expect(gate.shut).toEqual(['response-active']);
  });

  it('is held again by an older response if a conflict names it', () => {
    const gate = given();
    gate.reads(created('resp_1'), created('resp_2'), done('resp_2'));
    gate.asks('greeting');
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_1'));
    expect(gate.shut).toEqual(['response-active']);
    gate.reads(done('resp_1'));
    expect(gate.created).toHaveLength(2);
  });

  it('opens at its watchdog, which hears every sign of life', () => {
    const gate = given({ limits: { responseMs: 1_000 } });
    gate.reads(created('resp_1'));
    gate.waits(999);
    gate.reads(audioDelta('resp_1'));
    gate.waits(999);
    expect(isShut(gate)).toBe(true);
    gate.waits(1);
    expect(gate.shut).toEqual([]);
    expect(gate.faults).toEqual(['The server never ended the response resp_1.']);
  });

  it('is opened and closed by an unknown id alone: it touches no other', () => {
    const gate = given();
    gate.reads(created('resp_1'), audioDelta('resp_unknown'));
    gate.reads(done('resp_unknown'));
    expect(gate.shut).toEqual(['response-active']);
    gate.reads(done('resp_1'));
    expect(gate.shut).toEqual([]);
  });

  it('is shut by any frame of an unknown id, until that ends', () => {
    const gate = given();
    gate.reads(audioDelta('resp_unknown'));
    expect(gate.shut).toEqual(['response-active']);
    gate.reads(done('resp_unknown'));
    expect(gate.shut).toEqual([]);
  });

  it('is not shut by stragglers of what has ended, nor by its created, read late', () => {
    const gate = given();
    gate.reads(created('resp_1'), done('resp_1'), audioDelta('resp_1'), created('resp_1'), done('resp_1'));
    expect(gate.shut).toEqual([]);
    expect(gate.notices.filter(({ kind }) => kind === 'ended')).toHaveLength(1);
  });

  it('is not told twice of a response that the server creates twice', () => {
    const gate = given();
    gate.reads(created('resp_1'), created('resp_1'));
    expect(gate.notices.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  });

  it('survives a cancellation within the second: created, then done at once, then the next', () => {
    const gate = given({ detection: 'automatic' });
    for (let count = 0; count < 12; count++) {
      gate.reads(speechStarted(), speechStopped(), created(`resp_${count}`), speechStarted());
      gate.reads(done(`resp_${count}`, 'cancelled', { status_details: { reason: 'turn_detected' } }), speechStopped());
    }
    expect(gate.shut).toEqual(['response-imminent']);
    gate.waits(400);
    expect(gate.shut).toEqual([]);
  });
});
