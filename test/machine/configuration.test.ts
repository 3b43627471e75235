import { describe, expect, it } from 'vitest';
import { given, refusal, sessionUpdated, sessionWith, toolSet, unconfirmed, type Bench } from './bench.js';

const echo = (bench: Bench, settings: object = {}): void => bench.reads(sessionUpdated(sessionWith('off', settings)));

describe('a configuration', () => {
  it('is asked for with its type and an id of ours', () => {
    const bench = unconfirmed();
    bench.asksToConfigure({ instructions: 'Be brief.' });
    expect(bench.written).toEqual([
      {
        type: 'session.update',
        event_id: bench.lastUpdateId,
        session: { type: 'realtime', instructions: 'Be brief.' },
      },
    ]);
  });

  it('is confirmed by a session.updated that has all that was asked for, and more', () => {
    const bench = unconfirmed();
    const update = bench.asksToConfigure({ instructions: 'Be brief.' });
    bench.reads(sessionUpdated({ instructions: 'Be brief.', model: 'm', tools: [] }));
    expect(bench.confirmations).toEqual([`${update} confirmed`]);
    expect(bench.shut).toEqual([]);
    expect(bench.session.configuration.epoch).toBe(1);
  });

  it.each([
    ['session.created', { type: 'session.created', session: { instructions: 'Be brief.' } }],
    ['a session.updated without a session', { type: 'session.updated' }],
    ['a session.updated with another', sessionUpdated({ instructions: 'Sing.' })],
    ['an item', { type: 'conversation.item.added', item: { id: 'item_1' } }],
  ])('is not confirmed by %s', (_, frame) => {
    const bench = unconfirmed();
    bench.asksToConfigure({ instructions: 'Be brief.' });
    bench.reads(frame);
    expect(bench.shut).toEqual(['unconfirmed']);
  });

  it('fails with every path that differs', () => {
    const bench = unconfirmed();
    const update = bench.asksToConfigure({
      instructions: 'Be brief.',
      audio: { output: { voice: 'marin', speed: 1 } },
    });
    bench.reads(sessionUpdated({ instructions: 'Sing.', audio: { output: { speed: 1 } } }));
    expect(bench.failureOf(update)).toEqual({
      kind: 'mismatch',
      differences: [
        { path: 'instructions', asked: 'Be brief.', got: 'Sing.' },
        { path: 'audio.output.voice', asked: 'marin', got: undefined },
      ],
    });
  });

  it('passes with a difference that is accepted', () => {
    const bench = unconfirmed({ accept: ({ path }) => path === 'instructions' });
    const update = bench.asksToConfigure({ instructions: 'Be brief.' });
    bench.reads(sessionUpdated({ instructions: 'Be brief!' }));
    expect(bench.confirmations).toEqual([`${update} confirmed`]);
  });

  it('fails if accept() throws, which is a fault', () => {
    const bench = unconfirmed({
      accept: () => {
        throw new Error('unsure');
      },
    });
    const update = bench.asksToConfigure({ instructions: 'Be brief.' });
    bench.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(bench.confirmations).toEqual([`${update} mismatch`]);
    expect(bench.faults).toEqual(["accept() threw for 'instructions'. unsure"]);
  });

  it('fails after its time, and may be asked for again', () => {
    const bench = unconfirmed();
    const update = bench.asksToConfigure({ instructions: 'Be brief.' }, { timeoutMs: 500 });
    bench.waits(500);
    expect(bench.failureOf(update)).toEqual({ kind: 'timeout', afterMs: 500 });
    const again = bench.asksToConfigure({ instructions: 'Be brief.' });
    bench.reads(sessionUpdated({ instructions: 'Be brief.' }));
    expect(bench.confirmations).toEqual([`${update} timeout`, `${again} confirmed`]);
  });

  it('fails at close(), at once: nobody waits for it any more', () => {
    const bench = unconfirmed();
    const first = bench.asksToConfigure({ instructions: 'Be brief.' });
    const second = bench.asksToConfigure({ instructions: 'Sing.' });
    bench.closes();
    expect(bench.confirmations).toEqual([`${first} aborted`, `${second} aborted`]);
    expect(bench.asksToConfigure({})).toBe(3);
    expect(bench.failureOf(3)).toEqual({ kind: 'aborted' });
  });

  it('fails when the connection ends, and after it', () => {
    const bench = unconfirmed();
    const first = bench.asksToConfigure({ instructions: 'Be brief.' });
    const second = bench.asksToConfigure({ instructions: 'Sing.' });
    bench.loses(1006, 'x');
    expect(bench.failureOf(first)).toEqual({ kind: 'lost', code: 1006, reason: 'x' });
    expect(bench.failureOf(second)).toEqual({ kind: 'lost', code: 1006, reason: 'x' });
    expect(bench.failureOf(bench.asksToConfigure({}))).toEqual({ kind: 'lost', code: null, reason: 'already closed' });
  });
});

describe('an update', () => {
  it('shuts the gate until it is confirmed', () => {
    const bench = given();
    bench.asksToConfigure({ instructions: 'Sing.' });
    const reply = bench.asks('reply');
    expect(reply.verdict).toBe('hold: unconfirmed');
    echo(bench, { instructions: 'Sing.' });
    expect(reply.verdict).toBe('admit');
  });

  it('waits while another is in flight: the gate stays shut for both', () => {
    const bench = given();
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.asksToConfigure({ instructions: 'Dance.' });
    expect(bench.updated).toHaveLength(1);
    const reply = bench.asks('reply');
    echo(bench, { instructions: 'Sing.' });
    expect(bench.updated).toHaveLength(2);
    expect(reply.verdict).toBe('hold: unconfirmed');
    echo(bench, { instructions: 'Dance.' });
    expect(reply.verdict).toBe('admit');
    expect(bench.confirmations).toEqual(['2 confirmed', '3 confirmed']);
  });

  it('counts no epoch: that is for connections', () => {
    const bench = given();
    bench.asksToConfigure({ instructions: 'Sing.' });
    echo(bench, { instructions: 'Sing.' });
    expect(bench.session.configuration.epoch).toBe(1);
  });

  it('is rejected by an error that names it', () => {
    const bench = given();
    const update = bench.asksToConfigure({ speed: 9 });
    bench.reads(refusal('invalid_value', bench.lastUpdateId, 'Too fast.', 'session.speed'));
    expect(bench.failureOf(update)).toEqual({
      kind: 'rejected',
      code: 'invalid_value',
      param: 'session.speed',
      message: 'Too fast.',
    });
  });

  it.each(['invalid_value', 'unknown_parameter', null])(
    'is doubtful after an error that names nothing, with code %s: whoever asked is told only once it is settled',
    (code) => {
      const bench = given();
      const update = bench.asksToConfigure({ speed: 9 });
      bench.reads(refusal(code, null));
      expect(bench.confirmations).toEqual([]);
      expect(bench.updated.at(-1)).toEqual({ type: 'realtime' });
      echo(bench);
      expect(bench.confirmations).toEqual([`${update} rejected`]);
    },
  );

  it.each([
    'item_create_duplicate_item_id',
    'input_audio_buffer_commit_empty',
    'response_cancel_not_active',
    'conversation_already_has_active_response',
    'server_error',
  ])('is not rejected by an error that names nothing and belongs elsewhere: %s', (code) => {
    const bench = given();
    bench.asksToConfigure({ speed: 9 });
    bench.reads(refusal(code, null));
    expect(bench.confirmations).toEqual([]);
  });

  it('is not rejected by an error that names another event', () => {
    const bench = given();
    bench.asksToConfigure({ speed: 9 });
    bench.reads(refusal('invalid_value', 'event_of_another'));
    expect(bench.confirmations).toEqual([]);
  });

  it('given up by who asked for it is aborted: in flight, or before it was sent', () => {
    const bench = unconfirmed();
    const first = bench.asksToConfigure({ instructions: 'Sing.' });
    const second = bench.asksToConfigure({ instructions: 'Dance.' });
    bench.step({ type: 'abandon', update: second });
    bench.step({ type: 'abandon', update: first });
    bench.step({ type: 'abandon', update: 99 });
    expect(bench.confirmations).toEqual([`${second} aborted`, `${first} aborted`]);
    expect(bench.updated).toHaveLength(1);
  });

  it('given up before it was sent takes no other with it', () => {
    const bench = given();
    bench.asksToConfigure({ instructions: 'Sing.' });
    const second = bench.asksToConfigure({ instructions: 'Dance.' });
    bench.asksToConfigure({ instructions: 'Hum.' });
    bench.step({ type: 'abandon', update: second });
    expect(bench.confirmations).toEqual([`${second} aborted`]);
    echo(bench, { instructions: 'Sing.' });
    expect(bench.updated.at(-1)).toEqual({ type: 'realtime', instructions: 'Hum.' });
  });
});

describe('before anything was confirmed', () => {
  it('an error that names nothing rejects, and nothing is fetched: the next is tried', () => {
    const bench = unconfirmed();
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.asksToConfigure({ instructions: 'Dance.' });
    bench.reads(refusal('invalid_value', null));
    expect(bench.confirmations).toEqual(['1 rejected']);
    expect(bench.updated).toEqual([
      { type: 'realtime', instructions: 'Sing.' },
      { type: 'realtime', instructions: 'Dance.' },
    ]);
  });

  it('an update that fails leaves the session unasked', () => {
    const bench = unconfirmed();
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.reads(sessionUpdated({ instructions: 'Hum.' }));
    expect(bench.session.is.configuration).toBe('unasked');
  });

  it('configure() may be called again after a mismatch', () => {
    const bench = unconfirmed();
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.reads(sessionUpdated({ instructions: 'Hum.' }));
    bench.asksToConfigure({ instructions: 'Hum.' });
    bench.reads(sessionUpdated({ instructions: 'Hum.' }));
    expect(bench.confirmations).toEqual(['1 mismatch', '2 confirmed']);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['a mismatch', (bench) => bench.reads(sessionUpdated({ instructions: 'Hum.' }))],
    ['a refusal', (bench) => bench.reads(refusal('invalid_value', bench.lastUpdateId))],
  ])('%s leaves no echo to come: the next difference is one', (_, fails) => {
    const bench = unconfirmed();
    bench.asksToConfigure({ instructions: 'Sing.' });
    fails(bench);
    const again = bench.asksToConfigure({ instructions: 'Sing.' });
    bench.reads(sessionUpdated({ instructions: 'Whistle.' }));
    expect(bench.confirmations.at(-1)).toBe(`${again} mismatch`);
  });

  it('the tools of an update come into force when it is confirmed, not before', () => {
    const bench = unconfirmed();
    bench.asksToConfigure({ instructions: 'Sing.' }, { tools: toolSet(['sing'], [], 7) });
    expect(bench.session.tools.inForce.generation).toBe(0);
    bench.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(bench.session.tools.inForce.generation).toBe(7);
  });
});

describe('echoes come in order', () => {
  const twice = (): { bench: Bench; second: number; firstId: string } => {
    const bench = unconfirmed();
    const first = bench.asksToConfigure({ instructions: 'Sing.' });
    const firstId = bench.lastUpdateId;
    bench.step({ type: 'abandon', update: first });
    return { bench, second: bench.asksToConfigure({ instructions: 'Dance.' }), firstId };
  };

  it('so the echo of one that was given up is not taken for that of the next', () => {
    const { bench, second } = twice();
    bench.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(bench.shut).toEqual(['unconfirmed']);
    bench.reads(sessionUpdated({ instructions: 'Dance.' }));
    expect(bench.confirmations.at(-1)).toBe(`${second} confirmed`);
  });

  it('and after that one, a difference is a difference', () => {
    const { bench, second } = twice();
    bench.reads(sessionUpdated({ instructions: 'Sing.' }), sessionUpdated({ instructions: 'Hum.' }));
    expect(bench.confirmations.at(-1)).toBe(`${second} mismatch`);
  });

  it('so the echo of one that was overdue is not taken for that of the next', () => {
    const bench = unconfirmed();
    const first = bench.asksToConfigure({ instructions: 'Sing.' }, { timeoutMs: 500 });
    bench.waits(500);
    bench.asksToConfigure({ instructions: 'Dance.' });
    bench.reads(sessionUpdated({ instructions: 'Sing.' }));
    expect(bench.confirmations).toEqual([`${first} timeout`]);
  });

  it('and the refusal of one that was given up leaves the others to come', () => {
    const { bench, second, firstId } = twice();
    bench.step({ type: 'abandon', update: second });
    const third = bench.asksToConfigure({ instructions: 'Hum.' });
    bench.reads(refusal('invalid_value', firstId), sessionUpdated({ instructions: 'Dance.' }));
    bench.reads(sessionUpdated({ instructions: 'Hum.' }));
    expect(bench.confirmations.at(-1)).toBe(`${third} confirmed`);
    expect(bench.confirmations).toHaveLength(3);
  });

  it('and if that one is refused, its echo is not waited for', () => {
    const { bench, second, firstId } = twice();
    bench.reads(refusal('invalid_value', firstId), sessionUpdated({ instructions: 'Hum.' }));
    expect(bench.confirmations.at(-1)).toBe(`${second} mismatch`);
  });

  it('and one that contains all that is asked for confirms, whosever it is', () => {
    const { bench, second } = twice();
    bench.reads(sessionUpdated({ instructions: 'Dance.' }));
    expect(bench.confirmations.at(-1)).toBe(`${second} confirmed`);
  });

  it('and one that nobody waits for changes nothing', () => {
    const bench = given();
    echo(bench, { instructions: 'Hum.' });
    expect(bench.shut).toEqual([]);
    expect(bench.notices).toEqual([]);
  });

  it('and one that comes too late for anybody is forgotten', () => {
    const bench = unconfirmed();
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.step({ type: 'abandon', update: 1 });
    bench.reads(sessionUpdated({ instructions: 'Sing.' }));
    const next = bench.asksToConfigure({ instructions: 'Dance.' });
    bench.reads(sessionUpdated({ instructions: 'Hum.' }));
    expect(bench.confirmations.at(-1)).toBe(`${next} mismatch`);
  });
});
