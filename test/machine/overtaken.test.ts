import { describe, expect, it } from 'vitest';
import { done, given, speechStarted, speechStopped, type Bench, type Detection } from './bench.js';

type Options = Parameters<Bench['asks']>[1];
const overtaken = (options: Options = {}, detection: Detection = 'automatic') => {
  const bench = given({ detection });
  const story = bench.asks('story', options);
  bench.reads(speechStarted());
  bench.creates('resp_1', options.params?.['conversation'] === 'none' ? { conversation_id: null } : {});
  return { bench, story };
};

describe('a response that the user has overtaken', () => {
  it('is cancelled by id when its created is read: the server will not cut it', () => {
    expect(overtaken().bench.cancelled).toEqual(['resp_1']);
  });

  it('ends as cancelled by the user', () => {
    const { bench, story } = overtaken();
    bench.reads(done('resp_1', 'cancelled', { status_details: { reason: 'client_cancelled' } }));
    expect(story.outcome).toBe('cancelled by user');
  });

  it('ends as completed if it was quicker than the cancel', () => {
    const { bench, story } = overtaken();
    bench.reads(done('resp_1'));
    expect(story.outcome).toBe('completed');
  });

  it.each<[string, Options, Detection]>([
    ['it may speak over the user', { override: ['user-speaking'] }, 'automatic'],
    ['the user may not interrupt', {}, 'uninterruptible'],
    ['nobody hears it', { params: { conversation: 'none' } }, 'automatic'],
  ])('is left alone if %s', (_, options, detection) => {
    expect(overtaken(options, detection).bench.cancelled).toEqual([]);
  });

  it('is cancelled also out of band, where the user would hear it', () => {
    const params = { conversation: 'none', output_modalities: ['audio'] };
    expect(overtaken({ params }).bench.cancelled).toEqual(['resp_1']);
  });

  it('is left alone if the user has stopped again by then', () => {
    const bench = given({ detection: 'quiet' });
    bench.asks('story');
    bench.reads(speechStarted(), speechStopped());
    bench.creates('resp_1');
    expect(bench.cancelled).toEqual([]);
  });

  it('is left alone if the user began only after its created: the server cuts it', () => {
    const bench = given({ detection: 'automatic' });
    bench.speaks('story', 'resp_1');
    bench.reads(speechStarted());
    expect(bench.cancelled).toEqual([]);
  });

  it("is left alone at userTurn('begins'): that is not the server's hearing", () => {
    const bench = given({ detection: 'automatic' });
    bench.asks('story');
    bench.turns('begins');
    bench.creates('resp_1');
    expect(bench.cancelled).toEqual([]);
  });

  it('is cancelled also if it was given up in the meantime', () => {
    const bench = given({ detection: 'automatic' });
    bench.asks('story');
    bench.waits(10_000);
    bench.reads(speechStarted());
    bench.creates('resp_1');
    expect(bench.cancelled).toEqual(['resp_1']);
  });
});
