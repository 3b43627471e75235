import { describe, expect, it } from 'vitest';
import { audioDelta, conflict, created, done, given, speechStarted, speechStopped, type Bench } from './bench.js';

describe('order', () => {
  it('is that of asking: the oldest whose own guards are open goes first', () => {
    const bench = given();
    bench.reads(created('resp_0'));
    bench.asks('one', { params: {} });
    bench.asks('two', { params: {} });
    bench.asks('three', { params: {} });
    for (const [index, response] of ['resp_0', 'resp_1', 'resp_2'].entries()) {
      bench.reads(done(response));
      bench.creates(`resp_${index + 1}`);
    }
    expect(bench.created).toEqual(['one', 'two', 'three']);
  });

  it('is priority, not a guard: who waits for something else holds up nobody', () => {
    const bench = given();
    bench.reads(speechStarted());
    const patient = bench.asks('patient');
    const bold = bench.asks('bold', { override: ['user-speaking'] });
    expect([patient.verdict, bold.verdict]).toEqual(['hold: user-speaking', 'admit']);
  });

  it('holds in the step of a new request too: waiting requests that may go now go first', () => {
    let shut = true;
    const bench = given({ guards: [{ name: 'mood', kind: 'transient', shut: () => shut }] });
    const first = bench.asks('first', { params: {} });
    shut = false;
    const second = bench.asks('second', { params: {} });
    expect([first.verdict, second.verdict]).toEqual(['admit', 'hold: response-active']);
  });

  it('lets one take the slot in one step, however many waited for it', () => {
    const bench = given();
    bench.reads(created('resp_0'));
    bench.asks('one', { params: {} });
    bench.asks('two', { params: {} });
    bench.forget();
    bench.reads(done('resp_0'));
    expect(bench.created).toEqual(['one']);
  });
});

describe('interrupt', () => {
  const speaking = (): Bench => {
    const bench = given();
    bench.reads(created('resp_1'));
    return bench;
  };

  it('cancels by id what holds the slot, and takes it at the done', () => {
    const bench = speaking();
    const alarm = bench.asks('alarm', { interrupt: true });
    expect(bench.cancelled).toEqual(['resp_1']);
    expect(alarm.verdict).toBe('hold: response-active');
    bench.reads(done('resp_1', 'cancelled'));
    expect(alarm.verdict).toBe('admit');
  });

  it('goes to the head of the queue', () => {
    const bench = speaking();
    bench.asks('patient', { params: {} });
    bench.asks('alarm', { params: {}, interrupt: true });
    bench.reads(done('resp_1', 'cancelled'));
    expect(bench.created).toEqual(['alarm']);
  });

  it('cancels once per id, however often it is asked for', () => {
    const bench = speaking();
    bench.asks('alarm', { interrupt: true });
    bench.asks('alarm again', { interrupt: true });
    bench.step({ type: 'interrupt' });
    bench.reads({ type: 'response.output_text.delta', response_id: 'resp_1' });
    bench.waits(5_000);
    expect(bench.cancelled).toEqual(['resp_1']);
  });

  it('does not cancel while anything else is shut to it', () => {
    const bench = speaking();
    bench.reads(speechStarted());
    bench.asks('alarm', { interrupt: true });
    expect(bench.cancelled).toEqual([]);
    bench.reads(speechStopped());
    expect(bench.cancelled).toEqual(['resp_1']);
  });

  it('waits for the id of a create that is out, and cancels then', () => {
    const bench = given();
    bench.asks('story');
    bench.asks('alarm', { interrupt: true });
    expect(bench.cancelled).toEqual([]);
    bench.creates('resp_1');
    expect(bench.cancelled).toEqual(['resp_1']);
  });

  it('needs no cancel where nothing holds the slot', () => {
    const bench = given();
    expect(bench.asks('alarm', { interrupt: true }).verdict).toBe('admit');
    expect(bench.cancelled).toEqual([]);
  });

  it("with 'refuse' is refused by other guards only", () => {
    const bench = speaking();
    expect(bench.asks('alarm', { interrupt: true, whenBlocked: 'refuse' }).verdict).toBe('hold: response-active');
    bench.reads(speechStarted());
    expect(bench.asks('alarm', { interrupt: true, whenBlocked: 'refuse' }).verdict).toBe('refuse: user-speaking');
  });

  it('that is put back cancels what was in its way', () => {
    const bench = given();
    bench.asks('alarm', { interrupt: true });
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    expect(bench.cancelled).toEqual(['resp_9']);
    bench.reads(done('resp_9', 'cancelled'));
    expect(bench.created).toEqual(['alarm', 'alarm']);
  });

  it('never touches what is out of band, nor what holds the slot no more', () => {
    const bench = given();
    bench.reads(created('resp_aside', { conversation_id: null }), created('resp_old'), created('resp_1'));
    bench.asks('alarm', { interrupt: true });
    expect(bench.cancelled).toEqual(['resp_1']);
  });
});

describe('an interruption that had to wait for the user', () => {
  it('ends what is being heard once only that is in its way, and once only', () => {
    const bench = given({ detection: 'uninterruptible' });
    bench.speaks('story', 'resp_1');
    bench.reads(audioDelta('resp_1', 2_000), done('resp_1'));
    bench.waits(500);
    bench.reads(speechStarted());
    bench.asks('alarm', { interrupt: true });
    expect(bench.notices.filter(({ kind }) => kind === 'cut')).toEqual([]);
    bench.reads({ type: 'input_audio_buffer.cleared' });
    bench.reads(audioDelta('resp_1', 10));
    expect(bench.notices.filter(({ kind }) => kind === 'cut')).toHaveLength(1);
    expect(bench.created).toEqual(['story', 'alarm']);
  });
});

describe('session.interrupt()', () => {
  const interrupt = (bench: Bench): unknown => bench.step({ type: 'interrupt' });

  it('cancels the open response by id', () => {
    const bench = given();
    bench.reads(created('resp_1'));
    interrupt(bench);
    expect(bench.written).toMatchObject([{ type: 'response.cancel', response_id: 'resp_1' }]);
  });

  it('cancels what is only asked for as soon as it exists', () => {
    const bench = given();
    bench.asks('story');
    interrupt(bench);
    expect(bench.cancelled).toEqual([]);
    bench.creates('resp_1');
    expect(bench.cancelled).toEqual(['resp_1']);
  });

  it('leaves held what is held', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    const reply = bench.asks('reply');
    interrupt(bench);
    expect(reply.verdict).toBe('hold: response-active');
    bench.reads(done('resp_1', 'cancelled'));
    expect(reply.verdict).toBe('admit');
  });

  it('leaves alone what is out of band', () => {
    const bench = given();
    bench.asks('aside', { params: { conversation: 'none' } });
    interrupt(bench);
    bench.creates('resp_aside', { conversation_id: null });
    expect(bench.cancelled).toEqual([]);
  });

  it('does nothing where there is nothing', () => {
    const bench = given();
    interrupt(bench);
    expect(bench.written).toEqual([]);
  });
});

describe('handle.cancel()', () => {
  it('cancels by id, at once if the response exists', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1');
    story.cancels();
    story.cancels();
    expect(bench.cancelled).toEqual(['resp_1']);
    bench.reads(done('resp_1', 'cancelled', { status_details: { reason: 'client_cancelled' } }));
    expect(story.outcome).toBe('cancelled by client');
  });

  it('cancels as soon as it is created, if it was only asked for', () => {
    const bench = given();
    const story = bench.asks('story');
    story.cancels();
    bench.creates('resp_1');
    expect(bench.cancelled).toEqual(['resp_1']);
  });

  it('cancels also what is created after it was given up', () => {
    const bench = given();
    bench.asks('story').cancels();
    bench.waits(10_000);
    bench.creates('resp_1');
    expect(bench.cancelled).toEqual(['resp_1']);
  });

  it('of a create that the server refuses for the slot lets it rest', () => {
    const bench = given();
    const story = bench.asks('story');
    story.cancels();
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'), done('resp_9'));
    expect(story.outcome).toBe('unsent by withdrawn');
    expect(bench.created).toEqual(['story']);
  });

  it("cancels the server's own answer, and no other", () => {
    const bench = given();
    bench.reads(created('resp_aside', { conversation_id: null }), created('resp_1'));
    bench.step({ type: 'cancel', of: { response: 'resp_1' } });
    bench.step({ type: 'cancel', of: { response: 'resp_unknown' } });
    expect(bench.cancelled).toEqual(['resp_1']);
  });

  it('does nothing once it has ended', () => {
    const bench = given();
    const story = bench.speaks('story', 'resp_1');
    bench.reads(done('resp_1'));
    story.cancels();
    expect(bench.cancelled).toEqual([]);
  });
});
