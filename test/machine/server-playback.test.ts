import { describe, expect, it } from 'vitest';
import { stateOf } from '../../src/machine/index.js';
import {
  audioDelta,
  audioPart,
  created,
  done,
  given,
  serverPlays,
  speechStarted,
  transcriptDelta,
  type Bench,
} from './bench.js';

/** A response whose audio the server plays by itself. */
const plays = (options: Parameters<typeof given>[0] = {}): Bench => {
  const bench = given(options);
  bench.speaks('story', 'resp_1');
  bench.reads(serverPlays('started', 'resp_1'));
  return bench;
};
const outcomeOf = (bench: Bench): unknown => bench.notices.find(({ kind }) => kind === 'ended');

describe('where the server plays', () => {
  it('a response is heard when the server says that it has stopped', () => {
    const bench = plays();
    bench.reads(done('resp_1'));
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['untold', 'server-playing']);
    bench.reads(serverPlays('stopped', 'resp_1'));
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['heard', 'drained']);
  });

  it.each([
    ['after its end', (bench: Bench) => bench.reads(done('resp_1', 'incomplete'), serverPlays('stopped', 'resp_1'))],
    ['before its end', (bench: Bench) => bench.reads(serverPlays('stopped', 'resp_1'), done('resp_1', 'incomplete'))],
  ])('a response that broke off is cut, though the server stopped by itself %s', (_, happens) => {
    const bench = plays();
    happens(bench);
    expect(bench.heardOf('resp_1')).toBe('cut');
  });

  it('a response is heard at its end, if the server had stopped before', () => {
    const bench = plays();
    bench.reads(serverPlays('stopped', 'resp_1'));
    expect(bench.session.is.playback).toBe('drained');
    bench.reads(done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it.each([
    ['after its end', (bench: Bench) => bench.reads(done('resp_1'), serverPlays('cleared', 'resp_1'))],
    ['before its end', (bench: Bench) => bench.reads(serverPlays('cleared', 'resp_1'), done('resp_1', 'cancelled'))],
  ])('a response is cut, if the server says so %s', (_, happens) => {
    const bench = plays();
    happens(bench);
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['cut', 'drained']);
  });

  it('a response is cut, if the server has said so, though it then ends as if nothing had happened', () => {
    const bench = plays();
    bench.reads(serverPlays('cleared', 'resp_1'), done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('cut');
  });

  it('an end without an id is that of whatever plays', () => {
    const bench = plays();
    bench.reads(serverPlays('stopped'), done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('an end of another response ends nothing', () => {
    const bench = plays();
    bench.reads(serverPlays('stopped', 'resp_9'), done('resp_1'), serverPlays('stopped', 'resp_9'));
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['untold', 'server-playing']);
  });

  it('playing goes on while another response is still played', () => {
    const bench = plays();
    bench.reads(done('resp_1'), created('resp_2'), serverPlays('started', 'resp_2'));
    bench.reads(serverPlays('stopped', 'resp_1'));
    expect(bench.session.is.playback).toBe('server-playing');
    bench.reads(serverPlays('stopped', 'resp_2'));
    expect(bench.session.is.playback).toBe('drained');
  });

  it('a start that is read after the end still counts', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1', 'cancelled'), serverPlays('started', 'resp_1'));
    expect(bench.session.is.playback).toBe('server-playing');
    bench.reads(serverPlays('stopped', 'resp_1'));
    expect(bench.session.is.playback).toBe('drained');
  });

  it('starts that are read after the end have an end each', () => {
    const bench = given();
    bench.reads(serverPlays('started', 'resp_1'), serverPlays('started', 'resp_2'), serverPlays('stopped', 'resp_1'));
    expect(bench.session.is.playback).toBe('server-playing');
    bench.reads(serverPlays('stopped', 'resp_2'));
    expect(bench.session.is.playback).toBe('drained');
  });

  it('starts that are read after the end are remembered by the last 32', () => {
    const bench = given();
    for (let count = 0; count < 40; count++) bench.reads(serverPlays('started', `resp_${count}`));
    const { hearings } = bench.session.playback;
    expect([hearings.length, hearings.at(-1)?.response]).toEqual([32, 'resp_39']);
  });

  it('a second start of what is heard already is no second hearing', () => {
    const bench = plays();
    bench.reads(done('resp_1'), serverPlays('started', 'resp_1'), serverPlays('stopped', 'resp_1'));
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('a start that names no response counts as playing', () => {
    const bench = given();
    bench.reads(serverPlays('started'));
    expect(bench.session.is.playback).toBe('server-playing');
    bench.reads(serverPlays('stopped'));
    expect(bench.session.is.playback).toBe('drained');
  });

  it('a start that names no response is the hearing of none', () => {
    const bench = given();
    bench.reads(serverPlays('started'), serverPlays('stopped'));
    expect(bench.notices).toEqual([]);
  });

  it('an end without an id is also that of what is played after its response', () => {
    const bench = plays();
    bench.reads(done('resp_1'), serverPlays('stopped'));
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('an end of what never began was no sound', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(serverPlays('stopped', 'resp_1'), done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('none');
  });

  it('an end says nothing of what came as bytes', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 1_000), done('resp_1'), serverPlays('stopped'));
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['untold', 'playing']);
  });

  it('an end is that of all that the server plays, whatever came as bytes', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(serverPlays('started'), audioDelta('resp_1', 1_000), done('resp_1'), serverPlays('stopped'));
    expect(bench.session.is.playback).toBe('drained');
  });

  it('a mark says nothing of it', () => {
    const bench = plays();
    bench.reads(audioDelta('resp_1', 100), done('resp_1'));
    bench.step({ type: 'heard', itemId: 'item_of_resp_1', ms: 100 });
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['untold', 'server-playing']);
  });

  it('interrupt() has it stop by itself: the client truncates nothing', () => {
    const bench = plays();
    bench.step({ type: 'interrupt' });
    expect(bench.written.map(({ type }) => type).slice(1)).toEqual(['response.cancel', 'output_audio_buffer.clear']);
    expect(bench.session.is.playback).toBe('server-playing');
  });

  it('the user who speaks is the server’s to hear: nothing is sent', () => {
    const bench = plays({ detection: 'automatic' });
    bench.reads(done('resp_1'));
    bench.forget();
    bench.reads(speechStarted());
    expect(bench.written).toEqual([]);
  });

  it('how much audio came is not known', () => {
    const bench = plays();
    bench.reads(done('resp_1'));
    expect(outcomeOf(bench)).toMatchObject({ outcome: { audioMs: null } });
    expect(stateOf(bench.session, 0).playback).toEqual({ state: 'server-playing', remainingMs: null });
  });

  it('what was still played is cut by the end of the connection', () => {
    const bench = plays();
    bench.reads(done('resp_1'));
    bench.loses();
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['cut', 'drained']);
  });

  it('what had not ended is cut by the end of the connection', () => {
    const bench = plays();
    bench.loses();
    expect(bench.heardOf('resp_1')).toBe('cut');
  });
});

describe('a server that never says that it has stopped', () => {
  it('is believed to have, after eight characters a second and 15 s: a fault', () => {
    const bench = plays();
    bench.reads(transcriptDelta('resp_1', 'x'.repeat(80)), transcriptDelta('resp_1', null), done('resp_1'));
    bench.waits(24_999);
    expect(bench.heardOf('resp_1')).toBe('untold');
    bench.waits(1);
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['heard', 'drained']);
    expect(bench.faults).toEqual([
      'The server never said that it had stopped playing: what it played is taken for heard.',
    ]);
  });

  it('is waited for from when it began', () => {
    const bench = plays();
    bench.waits(5_000);
    bench.reads(done('resp_1'));
    bench.waits(9_999);
    expect(bench.heardOf('resp_1')).toBe('untold');
    bench.waits(1);
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('is waited for from the end of the response, where it never said that it had begun', () => {
    const bench = given({ line: 'sideband' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioPart('resp_1'));
    bench.waits(1_000);
    bench.reads(done('resp_1'));
    bench.waits(14_999);
    expect(bench.heardOf('resp_1')).toBe('untold');
    bench.waits(1);
    expect(bench.heardOf('resp_1')).toBe('heard');
  });

  it('is waited for by its own time, though something else is due before', () => {
    const bench = plays();
    bench.reads(done('resp_1'));
    const more = bench.asks('more');
    bench.waits(10_000);
    expect([more.outcome, bench.heardOf('resp_1')]).toEqual(['unsent by unanswered', 'untold']);
  });

  it('is waited for 15 s from a start that was read after the end', () => {
    const bench = given();
    bench.reads(serverPlays('started', 'resp_1'));
    bench.waits(14_999);
    expect([bench.heardOf('resp_1'), bench.session.is.playback]).toEqual(['untold', 'server-playing']);
    bench.waits(1);
    expect(bench.notices).toContainEqual({ kind: 'heard', response: 'resp_1', requests: [], how: 'heard' });
    expect(bench.session.is.playback).toBe('drained');
  });

  it('frees the playback guard', () => {
    const bench = plays({ playback: 'waits' });
    bench.reads(done('resp_1'));
    const reply = bench.asks('reply');
    bench.waits(15_000);
    expect(reply.verdict).toBe('admit');
  });
});

describe('on a sideband', () => {
  it('an audio part counts as sound, whoever plays it', () => {
    const bench = given({ line: 'sideband' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioPart('resp_1'), done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('untold');
    bench.reads(serverPlays('stopped', 'resp_1'));
    expect(bench.heardOf('resp_1')).toBe('heard');
    expect(outcomeOf(bench)).toMatchObject({ outcome: { audioMs: null } });
  });

  it('a text part is none', () => {
    const bench = given({ line: 'sideband' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioPart('resp_1', 'text'), audioPart('resp_unknown'), done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('none');
  });

  it('an audio part is no sound where the bytes come to us and none came', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.reads(audioPart('resp_1'), done('resp_1'));
    expect(bench.heardOf('resp_1')).toBe('none');
  });
});
