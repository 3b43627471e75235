import { describe, expect, it } from 'vitest';
import { given, refusal, sessionUpdated, sessionWith, unconfirmed, type Bench } from './bench.js';

const confirmed = sessionWith('off');
const echo = (gate: Bench, settings: object = {}): void => gate.reads(sessionUpdated(sessionWith('off', settings)));

describe('a configuration', () => {
  it('is asked for with its type and an id of ours', () => {
    const gate = unconfirmed();
    gate.asksToConfigure({ instructions: 'Be brief.' });
    expect(gate.written).toEqual([
      { type: 'session.update', event_id: gate.lastUpdateId, session: { type: 'realtime', instructions: 'Be brief.' } },
    ]);
  });

  it('is confirmed by a session.updated that has all that was asked for, and more', () => {
    const gate = unconfirmed();
    const update = gate.asksToConfigure({ instructions: 'Be brief.' });
    gate.reads(sessionUpdated({ instructions: 'Be brief.', model: 'm', tools: [] }));
    expect(gate.confirmations).toEqual([`${update} confirmed`]);
    expect(gate.shut).toEqual([]);
    expect(gate.gate.epoch).toBe(1);
  });

  it.each([
    ['session.created', { type: 'session.created', session: { instructions: 'Be brief.' } }],
    ['a session.updated without a session', { type: 'session.updated' }],
    ['a session.updated with another', sessionUpdated({ instructions: 'Sing.' })],
    ['an item', { type: 'conversation.item.added', item: { id: 'item_1' } }],
  ])('is not confirmed by %s', (_, frame) => {
    const gate = unconfirmed();
    gate.asksToConfigure({ instructions: 'Be brief.' });
    gate.reads(frame);
    expect(gate.shut).toEqual(['unconfirmed']);
  });

  it('fails with every path that differs', () => {
    const gate = unconfirmed();
    const update = gate.asksToConfigure({ instructions: 'Be brief.', audio: { output: { voice: 'marin', speed: 1 } } });
    gate.reads(sessionUpdated({ instructions: 'Sing.', audio: { output: { speed: 1 } } }));
    expect(gate.failureOf(update)).toEqual({
      kind: 'mismatch',
      differences: [
        { path: 'instructions', asked: 'Be brief.', got: 'Sing.' },
        { path: 'audio.output.voice', asked: 'marin', got: undefined },
      ],
    });
  });

  it('passes with a difference that is accepted', () => {
    const gate = unconfirmed({ accept: ({ path }) => path === 'instructions' });
    const update = gate.asksToConfigure({ instructions: 'Be brief.' });
    gate.reads(sessionUpdated({ instructions: 'Be brief!' }));
    expect(gate.confirmations).toEqual([`${update} confirmed`]);
  });

  it('fails if accept() throws, which is a fault', () => {
    const gate = unconfirmed({
      accept: () => {
        throw new Error('unsure');
      },
    });
    const update = gate.asksToConfigure({ instructions: 'Be brief.' });
    gate.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(gate.confirmations).toEqual([`${update} mismatch`]);
    expect(gate.faults).toEqual(["accept() threw for 'instructions'."]);
  });

  it('fails after its time, and may be asked for again', () => {
    const gate = unconfirmed();
    const update = gate.asksToConfigure({ instructions: 'Be brief.' }, 500);
    gate.waits(500);
    expect(gate.failureOf(update)).toEqual({ kind: 'timeout', afterMs: 500 });
    const again = gate.asksToConfigure({ instructions: 'Be brief.' });
    gate.reads(sessionUpdated({ instructions: 'Be brief.' }));
    expect(gate.confirmations).toEqual([`${update} timeout`, `${again} confirmed`]);
  });

  it('fails at close(), at once: nobody waits for it any more', () => {
    const gate = unconfirmed();
    const first = gate.asksToConfigure({ instructions: 'Be brief.' });
    const second = gate.asksToConfigure({ instructions: 'Sing.' });
    gate.step({ type: 'close' });
    expect(gate.confirmations).toEqual([`${first} aborted`, `${second} aborted`]);
    expect(gate.asksToConfigure({})).toBe(3);
    expect(gate.failureOf(3)).toEqual({ kind: 'aborted' });
  });

  it('fails when the connection ends, and after it', () => {
    const gate = unconfirmed();
    const first = gate.asksToConfigure({ instructions: 'Be brief.' });
    const second = gate.asksToConfigure({ instructions: 'Sing.' });
    gate.step({ type: 'gone', code: 1006, reason: 'x' });
    expect(gate.failureOf(first)).toEqual({ kind: 'lost', code: 1006, reason: 'x' });
    expect(gate.failureOf(second)).toEqual({ kind: 'lost', code: 1006, reason: 'x' });
    expect(gate.failureOf(gate.asksToConfigure({}))).toMatchObject({ kind: 'lost' });
  });
});

describe('an update', () => {
  it('shuts the gate until it is confirmed', () => {
    const gate = given();
    gate.asksToConfigure({ instructions: 'Sing.' });
    const reply = gate.asks('reply');
    expect(reply.verdict).toBe('hold: unconfirmed');
    echo(gate, { instructions: 'Sing.' });
    expect(reply.verdict).toBe('admit');
  });

  it('waits while another is in flight: the gate stays shut for both', () => {
    const gate = given();
    gate.asksToConfigure({ instructions: 'Sing.' });
    gate.asksToConfigure({ instructions: 'Dance.' });
    expect(gate.updated).toHaveLength(1);
    const reply = gate.asks('reply');
    echo(gate, { instructions: 'Sing.' });
    expect(gate.updated).toHaveLength(2);
    expect(reply.verdict).toBe('hold: unconfirmed');
    echo(gate, { instructions: 'Dance.' });
    expect(reply.verdict).toBe('admit');
    expect(gate.confirmations).toEqual(['2 confirmed', '3 confirmed']);
  });

  it('counts no epoch: that is for connections', () => {
    const gate = given();
    gate.asksToConfigure({ instructions: 'Sing.' });
    echo(gate, { instructions: 'Sing.' });
    expect(gate.gate.epoch).toBe(1);
  });

  it('is rejected by an error that names it', () => {
    const gate = given();
    const update = gate.asksToConfigure({ speed: 9 });
    gate.reads(refusal('invalid_value', gate.lastUpdateId, 'Too fast.', 'session.speed'));
    expect(gate.failureOf(update)).toEqual({
      kind: 'rejected',
      code: 'invalid_value',
      param: 'session.speed',
      message: 'Too fast.',
    });
  });

  it.each(['invalid_value', 'unknown_parameter', 'server_error', null])(
    'is rejected by an error that names nothing, with code %s',
    (code) => {
      const gate = given();
      const update = gate.asksToConfigure({ speed: 9 });
      gate.reads(refusal(code, null));
      expect(gate.confirmations).toEqual([`${update} rejected`]);
    },
  );

  it.each([
    'item_create_duplicate_item_id',
    'input_audio_buffer_commit_empty',
    'response_cancel_not_active',
    'conversation_already_has_active_response',
    'session_expired',
  ])('is not rejected by an error that names nothing and belongs elsewhere: %s', (code) => {
    const gate = given();
    gate.asksToConfigure({ speed: 9 });
    gate.reads(refusal(code, null));
    expect(gate.confirmations).toEqual([]);
  });

  it('is not rejected by an error that names another event', () => {
    const gate = given();
    gate.asksToConfigure({ speed: 9 });
    gate.reads(refusal('invalid_value', 'event_of_another'));
    expect(gate.confirmations).toEqual([]);
  });

  it('given up by who asked for it is aborted: in flight, or before it was sent', () => {
    const gate = unconfirmed();
    const first = gate.asksToConfigure({ instructions: 'Sing.' });
    const second = gate.asksToConfigure({ instructions: 'Dance.' });
    gate.step({ type: 'abandon', update: second });
    gate.step({ type: 'abandon', update: first });
    gate.step({ type: 'abandon', update: 99 });
    expect(gate.confirmations).toEqual([`${second} aborted`, `${first} aborted`]);
    expect(gate.updated).toHaveLength(1);
  });
});

describe('after a failed update', () => {
  const fails: readonly [string, (gate: Bench) => void][] = [
    ['a rejection', (gate) => gate.reads(refusal('invalid_value', gate.lastUpdateId))],
    ['a mismatch', (gate) => echo(gate, { instructions: 'Hum.' })],
    ['a timeout', (gate) => gate.waits(10_000)],
  ];
  const failed = (fail: (gate: Bench) => void): Bench => {
    const gate = given();
    gate.asksToConfigure({ instructions: 'Sing.' });
    gate.written = [];
    gate.written.push({ type: 'session.update', event_id: gate.gate.inFlight!.eventId });
    fail(gate);
    return gate;
  };

  it.each(fails)('(%s) the gate stays shut, and an update that changes nothing asks what stands', (_, fail) => {
    const gate = failed(fail);
    expect(gate.shut).toEqual(['unconfirmed']);
    expect(gate.updated.at(-1)).toEqual({ type: 'realtime' });
  });

  it.each(fails.slice(0, 2))('(%s) an echo of the last confirmed configuration opens it again', (_, fail) => {
    const gate = failed(fail);
    const reply = gate.asks('reply');
    echo(gate);
    expect(reply.verdict).toBe('admit');
    expect(gate.gate.confirmed).toEqual(confirmed);
  });

  it.each(fails.slice(0, 2))('(%s) any other echo is the end', (_, fail) => {
    const gate = failed(fail);
    echo(gate, { instructions: 'Something else.' });
    expect(gate.confirmations.at(-1)).toBe('broken');
    expect(gate.shut).toEqual(['unconfirmed']);
  });

  it('(a timeout) the echo of what was given up may still come, and counts for nothing', () => {
    const gate = failed((each) => each.waits(10_000));
    echo(gate, { instructions: 'Sing.' });
    expect(gate.confirmations).toEqual(['2 timeout']);
    expect(gate.shut).toEqual(['unconfirmed']);
    echo(gate);
    expect(gate.shut).toEqual([]);
  });

  it('no echo at all is the end', () => {
    const gate = failed((each) => each.reads(refusal('invalid_value', each.lastUpdateId)));
    gate.waits(10_000);
    expect(gate.confirmations).toEqual(['2 rejected', 'broken']);
  });

  it('accept() has its say on what stands, too', () => {
    const gate = given({ accept: ({ got }) => got === 'Be brief!' });
    gate.asksToConfigure({ instructions: 'Sing.' });
    gate.reads(refusal('invalid_value', gate.lastUpdateId));
    echo(gate, { instructions: 'Be brief!' });
    expect(gate.shut).toEqual([]);
  });

  it('the next one waits until it is known what stands', () => {
    const gate = given();
    gate.asksToConfigure({ instructions: 'Sing.' });
    gate.asksToConfigure({ instructions: 'Dance.' });
    gate.reads(refusal('invalid_value', gate.lastUpdateId));
    expect(gate.updated.at(-1)).toEqual({ type: 'realtime' });
    echo(gate);
    expect(gate.updated.at(-1)).toEqual({ type: 'realtime', instructions: 'Dance.' });
    echo(gate, { instructions: 'Dance.' });
    expect(gate.confirmations).toEqual(['2 rejected', '3 confirmed']);
  });

  it('before there was any, nothing is fetched: the next is tried', () => {
    const gate = unconfirmed();
    gate.asksToConfigure({ instructions: 'Sing.' });
    gate.asksToConfigure({ instructions: 'Dance.' });
    gate.reads(refusal('invalid_value', gate.lastUpdateId));
    expect(gate.updated.at(-1)).toEqual({ type: 'realtime', instructions: 'Dance.' });
  });
});

describe('echoes come in order', () => {
  const twice = (): { gate: Bench; second: number; firstId: string } => {
    const gate = unconfirmed();
    const first = gate.asksToConfigure({ instructions: 'Sing.' });
    const firstId = gate.lastUpdateId;
    gate.step({ type: 'abandon', update: first });
    return { gate, second: gate.asksToConfigure({ instructions: 'Dance.' }), firstId };
  };

  it('so the echo of one that was given up is not taken for that of the next', () => {
    const { gate, second } = twice();
    gate.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(gate.shut).toEqual(['unconfirmed']);
    gate.reads(sessionUpdated({ instructions: 'Dance.' }));
    expect(gate.confirmations.at(-1)).toBe(`${second} confirmed`);
  });

  it('and after that one, a difference is a difference', () => {
    const { gate, second } = twice();
    gate.reads(sessionUpdated({ instructions: 'Sing.' }), sessionUpdated({ instructions: 'Hum.' }));
    expect(gate.confirmations.at(-1)).toBe(`${second} mismatch`);
  });

  it('and if that one is refused, its echo is not waited for', () => {
    const { gate, second, firstId } = twice();
    gate.reads(refusal('invalid_value', firstId), sessionUpdated({ instructions: 'Hum.' }));
    expect(gate.confirmations.at(-1)).toBe(`${second} mismatch`);
  });

  it('and one that nobody waits for changes nothing', () => {
    const gate = given();
    echo(gate, { instructions: 'Hum.' });
    expect(gate.shut).toEqual([]);
    expect(gate.notices).toEqual([]);
  });

  it('and one that comes too late for anybody is forgotten', () => {
    const gate = unconfirmed();
    gate.asksToConfigure({ instructions: 'Sing.' });
    gate.step({ type: 'abandon', update: 1 });
    gate.reads(sessionUpdated({ instructions: 'Sing.' }));
    const next = gate.asksToConfigure({ instructions: 'Dance.' });
    gate.reads(sessionUpdated({ instructions: 'Hum.' }));
    expect(gate.confirmations.at(-1)).toBe(`${next} mismatch`);
  });
});

describe('on a sideband', () => {
  const sideband = (): Bench => {
    const gate = unconfirmed({ sideband: true });
    gate.asksToConfigure({ instructions: 'Sing.' }, 500);
    return gate;
  };

  it("another writer's echo is not yet a mismatch", () => {
    const gate = sideband();
    gate.reads(sessionUpdated({ instructions: 'Hum.' }));
    expect(gate.confirmations).toEqual([]);
    gate.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(gate.confirmations).toEqual(['1 confirmed']);
  });

  it('it is one at the timeout', () => {
    const gate = sideband();
    gate.reads(sessionUpdated({ instructions: 'Hum.' }));
    gate.waits(500);
    expect(gate.failureOf(1)).toEqual({
      kind: 'mismatch',
      differences: [{ path: 'instructions', asked: 'Sing.', got: 'Hum.' }],
    });
  });

  it('no echo at all is a timeout', () => {
    const gate = sideband();
    gate.waits(500);
    expect(gate.confirmations).toEqual(['1 timeout']);
  });
});
