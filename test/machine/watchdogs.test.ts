import { describe, expect, it } from 'vitest';
import { created, done, given, refusal, speechStarted, type Bench } from './bench.js';

describe('a create that is neither created nor refused', () => {
  const unanswered = (): { bench: Bench; story: ReturnType<Bench['asks']> } => {
    const bench = given();
    const story = bench.asks('story');
    bench.waits(10_000);
    return { bench, story };
  };

  it('settles as unsent, unanswered, and is a fault', () => {
    const { bench, story } = unanswered();
    expect([story.verdict, story.outcome]).toEqual(['admit', 'unsent by unanswered']);
    expect(bench.faults).toHaveLength(1);
  });

  it('is named in its fault by its purpose', () => {
    const fault = "The server neither created nor refused the response for 'story'.";
    expect(unanswered().bench.faults).toEqual([fault]);
  });

  it('frees the slot, and sends nothing by itself', () => {
    const { bench } = unanswered();
    expect(bench.shut).toEqual([]);
    expect(bench.created).toEqual(['story']);
  });

  it('lets go what waited', () => {
    const bench = given();
    bench.asks('story', { params: {} });
    const reply = bench.asks('reply', { params: {} });
    bench.waits(10_000);
    expect(reply.verdict).toBe('admit');
  });

  it('is still tracked when it is created after all: it holds the slot until its done', () => {
    const { bench, story } = unanswered();
    bench.creates('resp_late');
    expect(bench.shut).toEqual(['response-active']);
    expect(bench.notices).toContainEqual({
      kind: 'created',
      response: 'resp_late',
      purpose: 'story',
      request: 1,
      requests: [],
    });
    bench.reads(done('resp_late'));
    expect(bench.shut).toEqual([]);
    expect(story.outcome).toBe('unsent by unanswered');
  });

  it('is not settled again by an error that comes too late', () => {
    const { bench, story } = unanswered();
    bench.reads(refusal('server_error', bench.lastCreate.eventId));
    expect(story.outcome).toBe('unsent by unanswered');
  });

  it('takes along those that were merged with it', () => {
    const bench = given();
    bench.sends('item_1');
    bench.reads(created('resp_0'));
    bench.asks('first');
    const second = bench.asks('second');
    bench.reads(done('resp_0'));
    bench.waits(10_000);
    expect(second.outcome).toBe('unsent by unanswered');
  });

  it('is watched out of band as well', () => {
    const bench = given();
    const aside = bench.asks('aside', { params: { conversation: 'none' } });
    bench.waits(10_000);
    expect(aside.outcome).toBe('unsent by unanswered');
  });
});

describe('a response that never ends', () => {
  it('is a fault, settles as lost and frees the slot', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1');
    bench.waits(60_000);
    expect(story.outcome).toBe('lost');
    expect(bench.shut).toEqual([]);
    expect(bench.faults).toEqual(['The server never ended the response resp_1.']);
  });

  it('was lost by the server, in words', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.waits(60_000);
    const outcome = { status: 'lost', whose: 'server', message: 'The server never ended the response resp_1.' };
    expect(bench.notices).toContainEqual(expect.objectContaining({ kind: 'ended', outcome }));
  });

  it('is not told of again when it ends after all', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1');
    bench.waits(60_000);
    bench.reads({ type: 'response.output_text.delta', response_id: 'resp_1' }, done('resp_1'));
    expect(story.outcome).toBe('lost');
    expect(bench.shut).toEqual([]);
  });

  it('is only a backstop for what a conflict has named', () => {
    const bench = given({ limits: { responseMs: 1_000 } });
    bench.reads({ type: 'response.output_text.delta', response_id: 'resp_named' });
    bench.waits(1_000);
    expect(bench.shut).toEqual([]);
  });
});

describe('watchdogs', () => {
  it('never send by themselves', () => {
    const bench = given({ detection: 'automatic' });
    bench.asks('story');
    bench.reads(created('resp_1'), speechStarted());
    bench.forget();
    bench.waits(200_000);
    expect(bench.faults).toHaveLength(3);
    expect(bench.written).toEqual([]);
  });

  it('free what they watch: what waited for a turn that never ended may go', () => {
    const bench = given({ detection: 'quiet' });
    bench.reads(speechStarted());
    const reply = bench.asks('reply', { holdForMs: 120_000 });
    bench.waits(59_999);
    expect(reply.verdict).toBe('hold: user-speaking');
    bench.waits(1);
    expect(reply.verdict).toBe('admit');
  });

  it('wake nobody before their time: a tick too early does nothing', () => {
    const bench = given();
    bench.asks('story');
    bench.forget();
    bench.waits(9_999);
    bench.step({ type: 'tick' });
    expect([bench.written, bench.notices]).toEqual([[], []]);
    expect(bench.due).toBe(10_000);
  });
});
