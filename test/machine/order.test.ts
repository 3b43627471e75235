import { describe, expect, it } from 'vitest';
import { conflict, created, done, given, speechStarted, speechStopped, type Bench } from './bench.js';

describe('order', () => {
  it('is that of asking: the oldest whose own guards are open goes first', () => {
    const gate = given();
    gate.reads(created('resp_0'));
    gate.asks('one', { params: {} });
    gate.asks('two', { params: {} });
    gate.asks('three', { params: {} });
    for (const [index, response] of ['resp_0', 'resp_1', 'resp_2'].entries()) {
      gate.reads(done(response));
      gate.creates(`resp_${index + 1}`);
    }
    expect(gate.created).toEqual(['one', 'two', 'three']);
  });

  it('is priority, not a guard: who waits for something else holds up nobody', () => {
    const gate = given();
    gate.reads(speechStarted());
    const patient = gate.asks('patient');
    const bold = gate.asks('bold', { override: ['user-speaking'] });
    expect([patient.verdict, bold.verdict]).toEqual(['hold: user-speaking', 'admit']);
  });

  it('holds also in the step that asks: whoever waits and may go by now goes before', () => {
    let shut = true;
    const gate = given({ guards: [{ name: 'mood', kind: 'transient', shut: () => shut }] });
    const first = gate.asks('first', { params: {} });
    shut = false;
    const second = gate.asks('second', { params: {} });
    expect([first.verdict, second.verdict]).toEqual(['admit', 'hold: response-active']);
  });

  it('lets one take the slot in one step, however many waited for it', () => {
    const gate = given();
    gate.reads(created('resp_0'));
    gate.asks('one', { params: {} });
    gate.asks('two', { params: {} });
    gate.forget();
    gate.reads(done('resp_0'));
    expect(gate.created).toEqual(['one']);
  });
});

describe('interrupt', () => {
  const speaking = (): Bench => {
    const gate = given();
    gate.reads(created('resp_1'));
    return gate;
  };

  it('cancels by id what holds the slot, and takes it at the done', () => {
    const gate = speaking();
    const alarm = gate.asks('alarm', { interrupt: true });
    expect(gate.cancelled).toEqual(['resp_1']);
    expect(alarm.verdict).toBe('hold: response-active');
    gate.reads(done('resp_1', 'cancelled'));
    expect(alarm.verdict).toBe('admit');
  });

  it('goes to the head of the queue', () => {
    const gate = speaking();
    gate.asks('patient', { params: {} });
    gate.asks('alarm', { params: {}, interrupt: true });
    gate.reads(done('resp_1', 'cancelled'));
    expect(gate.created).toEqual(['alarm']);
  });

  it('cancels once per id, however often it is asked for', () => {
    const gate = speaking();
    gate.asks('alarm', { interrupt: true });
    gate.asks('alarm again', { interrupt: true });
    gate.step({ type: 'interrupt' });
    gate.reads({ type: 'response.output_text.delta', response_id: 'resp_1' });
    gate.waits(5_000);
    expect(gate.cancelled).toEqual(['resp_1']);
  });

  it('does not cancel while anything else is shut to it', () => {
    const gate = speaking();
    gate.reads(speechStarted());
    gate.asks('alarm', { interrupt: true });
    expect(gate.cancelled).toEqual([]);
    gate.reads(speechStopped());
    expect(gate.cancelled).toEqual(['resp_1']);
  });

  it('waits for the id of a create that is out, and cancels then', () => {
    const gate = given();
    gate.asks('story');
    gate.asks('alarm', { interrupt: true });
    expect(gate.cancelled).toEqual([]);
    gate.creates('resp_1');
    expect(gate.cancelled).toEqual(['resp_1']);
  });

  it('needs no cancel where nothing holds the slot', () => {
    const gate = given();
    expect(gate.asks('alarm', { interrupt: true }).verdict).toBe('admit');
    expect(gate.cancelled).toEqual([]);
  });

  it("with 'refuse' is refused by other guards only", () => {
    const gate = speaking();
    expect(gate.asks('alarm', { interrupt: true, whenBlocked: 'refuse' }).verdict).toBe('hold: response-active');
    gate.reads(speechStarted());
    expect(gate.asks('alarm', { interrupt: true, whenBlocked: 'refuse' }).verdict).toBe('refuse: user-speaking');
  });

  it('that is put back cancels what was in its way', () => {
    const gate = given();
    gate.asks('alarm', { interrupt: true });
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'));
    expect(gate.cancelled).toEqual(['resp_9']);
    gate.reads(done('resp_9', 'cancelled'));
    expect(gate.created).toEqual(['alarm', 'alarm']);
  });

  it('never touches what is out of band, nor what holds the slot no more', () => {
    const gate = given();
    gate.reads(created('resp_aside', { conversation_id: null }), created('resp_old'), created('resp_1'));
    gate.asks('alarm', { interrupt: true });
    expect(gate.cancelled).toEqual(['resp_1']);
  });
});

describe('session.interrupt()', () => {
  const interrupt = (gate: Bench): unknown => gate.step({ type: 'interrupt' });

  it('cancels the open response by id', () => {
    const gate = given();
    gate.reads(created('resp_1'));
    interrupt(gate);
    expect(gate.written).toMatchObject([{ type: 'response.cancel', response_id: 'resp_1' }]);
  });

  it('cancels what is only asked for as soon as it exists', () => {
    const gate = given();
    gate.asks('story');
    interrupt(gate);
    expect(gate.cancelled).toEqual([]);
    gate.creates('resp_1');
    expect(gate.cancelled).toEqual(['resp_1']);
  });

  it('leaves held what is held', () => {
    const gate = given();
    gate.speaks('story', 'resp_1');
    const reply = gate.asks('reply');
    interrupt(gate);
    expect(reply.verdict).toBe('hold: response-active');
    gate.reads(done('resp_1', 'cancelled'));
    expect(reply.verdict).toBe('admit');
  });

  it('leaves alone what is out of band', () => {
    const gate = given();
    gate.asks('aside', { params: { conversation: 'none' } });
    interrupt(gate);
    gate.creates('resp_aside', { conversation_id: null });
    expect(gate.cancelled).toEqual([]);
  });

  it('does nothing where there is nothing', () => {
    const gate = given();
    interrupt(gate);
    expect(gate.written).toEqual([]);
  });
});

describe('handle.cancel()', () => {
  it('cancels by id, at once if the response exists', () => {
    const gate = given();
    const story = gate.speaks('story', 'resp_1');
    story.cancels();
    story.cancels();
    expect(gate.cancelled).toEqual(['resp_1']);
    gate.reads(done('resp_1', 'cancelled', { status_details: { reason: 'client_cancelled' } }));
    expect(story.outcome).toBe('cancelled by client');
  });

  it('cancels as soon as it is created, if it was only asked for', () => {
    const gate = given();
    const story = gate.asks('story');
    story.cancels();
    gate.creates('resp_1');
    expect(gate.cancelled).toEqual(['resp_1']);
  });

  it('cancels also what is created after it was given up', () => {
    const gate = given();
    gate.asks('story').cancels();
    gate.waits(10_000);
    gate.creates('resp_1');
    expect(gate.cancelled).toEqual(['resp_1']);
  });

  it('of a create that the server refuses for the slot lets it rest', () => {
    const gate = given();
    const story = gate.asks('story');
    story.cancels();
    gate.reads(conflict(gate.lastCreate.eventId, 'resp_9'), done('resp_9'));
    expect(story.outcome).toBe('unsent by withdrawn');
    expect(gate.created).toEqual(['story']);
  });

  it("cancels the server's own answer, and no other", () => {
    const gate = given();
    gate.reads(created('resp_aside', { conversation_id: null }), created('resp_1'));
    gate.step({ type: 'cancel', of: { response: 'resp_1' } });
    gate.step({ type: 'cancel', of: { response: 'resp_unknown' } });
    expect(gate.cancelled).toEqual(['resp_1']);
  });

  it('does nothing once it has ended', () => {
    const gate = given();
    const story = gate.speaks('story', 'resp_1');
    gate.reads(done('resp_1'));
    story.cancels();
    expect(gate.cancelled).toEqual([]);
  });
});
