import { describe, expect, it } from 'vitest';
import { given, refusal, serverError, sessionUpdated, sessionWith, textDelta, toolSet, type Bench } from './bench.js';

const echo = (bench: Bench, settings: object = {}): void => bench.reads(sessionUpdated(sessionWith('off', settings)));
const fetchUpdate = { type: 'realtime' };
const restoreUpdate = { ...sessionWith('off'), type: 'realtime' };
const broken = { kind: 'lost', code: null, reason: 'The server no longer confirms what it had confirmed.' };
/** Lets something arrive, so that the connection does not count as silent. */
const lives = (bench: Bench): void => bench.reads({ type: 'rate_limits.updated' });

/** A confirmed session whose update (number 2) is in flight. */
const asking = (options: Parameters<typeof given>[0] = {}): Bench => {
  const bench = given(options);
  bench.asksToConfigure({ instructions: 'Sing.' }, { tools: toolSet(['sing'], [], 2) });
  return bench;
};
const doubtful = (options: Parameters<typeof given>[0] = {}): Bench => {
  const bench = asking(options);
  bench.reads(refusal('unknown_parameter', null));
  return bench;
};

describe('an update becomes doubtful', () => {
  it.each<[string, (bench: Bench) => void, readonly string[]]>([
    [
      'by an error that names nothing: nothing is told yet',
      (bench) => bench.reads(refusal('unknown_parameter', null)),
      [],
    ],
    [
      'by an error without an id whose param names the session',
      (bench) => bench.reads(refusal(null, null, 'No.', 'session.speed')),
      [],
    ],
    ['by its deadline: whoever asked is told', (bench) => bench.waits(10_000), ['2 timeout']],
    ['once it is given up', (bench) => bench.step({ type: 'abandon', update: 2 }), ['2 aborted']],
    [
      'by an error that names it: whoever asked is told',
      (bench) => bench.reads(refusal('invalid_value', bench.lastUpdateId)),
      ['2 rejected'],
    ],
  ])('%s, and the server is asked what stands', (_, happens, told) => {
    const bench = asking();
    bench.written.splice(0, bench.written.length - 1);
    happens(bench);
    expect(bench.confirmations).toEqual(told);
    expect(bench.updated.slice(1)).toEqual([fetchUpdate]);
    expect(bench.shut).toEqual(['unconfirmed']);
  });

  it.each([
    ['of the server', serverError()],
    ['about a response', refusal(null, null, 'No.', 'response.metadata')],
    ['about an item', refusal(null, null, 'No.', 'item.content[0].text')],
    ['about audio', refusal(null, null, 'No.', 'audio.format')],
    ['of another type, that names nothing', { type: 'error', error: { type: 'rate_limit', code: 'slow_down' } }],
  ])('not by an error %s', (_, frame) => {
    const bench = asking();
    bench.reads(frame);
    expect(bench.updated).toHaveLength(1);
    expect(bench.faults).toHaveLength(1);
  });

  it('once: a second error that names nothing belongs to nobody', () => {
    const bench = doubtful();
    bench.reads(refusal('unknown_parameter', null));
    expect(bench.updated).toHaveLength(2);
    expect(bench.faults).toEqual(['The server reports an error (unknown_parameter): No.']);
  });
});

describe('a doubtful update', () => {
  it('is confirmed after all by an echo that contains what was asked: that is looked at first', () => {
    const bench = doubtful();
    echo(bench, { instructions: 'Sing.' });
    expect(bench.confirmations).toEqual(['2 confirmed']);
    expect([bench.shut, bench.faults]).toEqual([[], []]);
  });

  it('is confirmed, not fallen back from, where both what was asked and what was confirmed are in the echo', () => {
    const bench = given();
    bench.asksToConfigure({ instructions: 'Be brief.' });
    bench.reads(refusal('unknown_parameter', null));
    echo(bench);
    expect(bench.confirmations).toEqual(['2 confirmed']);
  });

  it('that has already been rejected still comes into force with its tools, and is a fault', () => {
    const bench = asking();
    bench.waits(10_000);
    echo(bench, { instructions: 'Sing.' });
    expect(bench.confirmations).toEqual(['2 timeout', '2 confirmed']);
    expect(bench.session.configuration.confirmed).toMatchObject({ instructions: 'Sing.' });
    expect(bench.session.tools.inForce.generation).toBe(2);
    expect(bench.faults).toEqual([
      'The server confirmed an update after it had been given up: what the update asked for is in force.',
    ]);
  });

  it('is rejected by an echo of the last confirmed configuration, which opens the gate again', () => {
    const bench = doubtful();
    const reply = bench.asks('reply');
    echo(bench);
    expect(bench.failureOf(2)).toEqual({ kind: 'rejected', code: 'unknown_parameter', param: null, message: 'No.' });
    expect(reply.verdict).toBe('admit');
    expect(bench.session.tools.inForce.generation).toBe(0);
  });

  it('is told of once, though it was rejected before the echo', () => {
    const bench = asking();
    bench.reads(refusal('invalid_value', bench.lastUpdateId));
    echo(bench);
    expect(bench.confirmations).toEqual(['2 rejected']);
  });

  it('is aborted when it is given up while it is in doubt, and may stand after all', () => {
    const bench = doubtful();
    bench.step({ type: 'abandon', update: 2 });
    expect(bench.confirmations).toEqual(['2 aborted']);
    echo(bench, { instructions: 'Sing.' });
    expect(bench.confirmations).toEqual(['2 aborted', '2 confirmed']);
  });

  it('is asked after once, though it is given up as well', () => {
    const bench = doubtful();
    bench.step({ type: 'abandon', update: 2 });
    expect(bench.updated.slice(1)).toEqual([fetchUpdate]);
  });

  it('is not told to be overdue: what became of it, the fetch will say', () => {
    const bench = given();
    bench.asksToConfigure({ instructions: 'Sing.' }, { timeoutMs: 500 });
    bench.reads(refusal('unknown_parameter', null));
    bench.asks('reply', { holdForMs: 1_000 });
    bench.waits(1_000);
    expect(bench.confirmations).toEqual([]);
  });

  it('has the last confirmed configuration sent once more after any other echo', () => {
    const bench = doubtful();
    echo(bench, { instructions: 'Hum.' });
    expect(bench.confirmations).toEqual(['2 rejected']);
    expect(bench.updated.at(-1)).toEqual(restoreUpdate);
    expect(bench.session.is.configuration).toBe('restoring');
  });

  it('holds up the next one until it is known what stands', () => {
    const bench = doubtful();
    bench.asksToConfigure({ instructions: 'Dance.' });
    expect(bench.updated).toHaveLength(2);
    echo(bench);
    expect(bench.updated.at(-1)).toEqual({ type: 'realtime', instructions: 'Dance.' });
  });

  it('that was refused by its id, and is in force after all, leaves no other echo to come', () => {
    const bench = asking();
    bench.reads(refusal('invalid_value', bench.lastUpdateId));
    bench.asksToConfigure({ instructions: 'Dance.' });
    echo(bench, { instructions: 'Sing.' });
    expect(bench.confirmations).toEqual(['2 rejected', '2 confirmed']);
    expect(bench.updated.at(-1)).toEqual({ type: 'realtime', instructions: 'Dance.' });
  });

  it('that is confirmed leaves the fetch to be answered before the next is sent', () => {
    const bench = doubtful();
    bench.asksToConfigure({ instructions: 'Dance.' });
    echo(bench, { instructions: 'Sing.' });
    expect(bench.updated.at(-1)).toEqual(fetchUpdate);
    echo(bench, { instructions: 'Sing.' });
    expect(bench.updated.at(-1)).toEqual({ type: 'realtime', instructions: 'Dance.' });
  });

  it('that was overdue, and is in force after all, leaves the fetch to be answered as well', () => {
    const bench = asking();
    bench.waits(10_000);
    bench.asksToConfigure({ instructions: 'Dance.' });
    echo(bench, { instructions: 'Sing.' });
    expect(bench.updated.at(-1)).toEqual(fetchUpdate);
    echo(bench, { instructions: 'Sing.' });
    expect(bench.updated.at(-1)).toEqual({ type: 'realtime', instructions: 'Dance.' });
  });

  it('has accept() asked about what stands, too', () => {
    const bench = doubtful({ accept: ({ got }) => got === 'Be brief!' });
    echo(bench, { instructions: 'Be brief!' });
    expect(bench.shut).toEqual([]);
  });

  it('is told no more of once the session is being closed', () => {
    const bench = doubtful();
    bench.closes();
    bench.forget();
    echo(bench, { instructions: 'Dance.' });
    expect([bench.faults, bench.written]).toEqual([[], []]);
  });
});

describe('a fetch that is not answered', () => {
  it('is repeated while other frames arrive, three times in all; then what was confirmed is sent once more', () => {
    const bench = doubtful();
    for (let count = 0; count < 3; count++) {
      lives(bench);
      bench.waits(10_000);
    }
    expect(bench.updated.slice(1)).toEqual([fetchUpdate, fetchUpdate, fetchUpdate, restoreUpdate]);
    expect(bench.confirmations).toEqual(['2 rejected']);
  });

  it('is waited for while nothing at all arrives: whether the peer lives is not its to decide', () => {
    const bench = doubtful();
    bench.waits(40_000);
    expect(bench.updated).toHaveLength(2);
    lives(bench);
    bench.waits(10_000);
    expect(bench.updated).toHaveLength(3);
  });

  it('is waited for by its own time, whatever else is due before', () => {
    const bench = doubtful();
    lives(bench);
    bench.asks('reply', { holdForMs: 1_000 });
    bench.waits(1_000);
    expect(bench.updated.slice(1)).toEqual([fetchUpdate]);
  });

  it('counts a delta as a frame that arrives', () => {
    const bench = given();
    bench.speaks('story', 'resp_1');
    bench.asksToConfigure({ instructions: 'Sing.' });
    bench.reads(refusal('unknown_parameter', null), textDelta('resp_1'));
    bench.waits(10_000);
    expect(bench.updated).toHaveLength(3);
  });

  it('is repeated at once where the server refuses it by name', () => {
    const bench = doubtful();
    bench.reads(refusal('invalid_value', bench.lastUpdateId));
    expect(bench.updated.slice(1)).toEqual([fetchUpdate, fetchUpdate]);
  });

  it('is answered late: its echo settles, and that of the repetition judges nothing later', () => {
    const bench = doubtful();
    lives(bench);
    bench.waits(10_000);
    echo(bench);
    expect(bench.confirmations).toEqual(['2 rejected']);
    const next = bench.asksToConfigure({ instructions: 'Dance.' });
    echo(bench);
    expect(bench.confirmations).toEqual(['2 rejected']);
    echo(bench, { instructions: 'Dance.' });
    expect(bench.confirmations).toEqual(['2 rejected', `${next} confirmed`]);
  });

  it('owes an echo that judges nothing while the repetition is out, unless it contains what was asked', () => {
    const bench = doubtful();
    lives(bench);
    bench.waits(10_000);
    echo(bench, { instructions: 'Hum.' });
    expect(bench.session.is.configuration).toBe('doubtful');
    echo(bench, { instructions: 'Sing.' });
    expect(bench.confirmations).toEqual(['2 confirmed']);
  });

  it('owes no echo once the server has refused it by name', () => {
    const bench = doubtful();
    const first = bench.lastUpdateId;
    lives(bench);
    bench.waits(10_000);
    bench.reads(refusal('invalid_value', first));
    echo(bench, { instructions: 'Hum.' });
    expect(bench.session.is.configuration).toBe('restoring');
  });
});

describe('the last confirmed configuration, sent once more', () => {
  const restoring = (): Bench => {
    const bench = asking();
    echo(bench, { instructions: 'Hum.' });
    expect(bench.updated.at(-1)).toEqual(restoreUpdate);
    return bench;
  };

  it('follows a mismatch at once, and the caller is told of the mismatch', () => {
    const bench = restoring();
    expect(bench.failureOf(2)).toEqual({
      kind: 'mismatch',
      differences: [{ path: 'instructions', asked: 'Sing.', got: 'Hum.' }],
    });
  });

  it('opens the gate by its echo', () => {
    const bench = restoring();
    echo(bench);
    expect([bench.shut, bench.session.is.configuration]).toEqual([[], 'confirmed']);
  });

  it('lets the next update go once it is confirmed', () => {
    const bench = restoring();
    bench.asksToConfigure({ instructions: 'Dance.' });
    echo(bench);
    expect(bench.updated.at(-1)).toEqual({ type: 'realtime', instructions: 'Dance.' });
  });

  it.each<[string, (bench: Bench) => void]>([
    ['any other echo', (bench) => echo(bench, { instructions: 'Hum.' })],
    ['a refusal', (bench) => bench.reads(refusal('invalid_value', bench.lastUpdateId))],
    ['no answer, while other frames arrive', (bench) => (lives(bench), bench.waits(10_000))],
  ])('fails by %s: the session ends as lost, with a fault', (_, happens) => {
    const bench = restoring();
    happens(bench);
    expect(bench.faults).toEqual([broken.reason]);
    expect(bench.commanded).toEqual(['close-line']);
    bench.loses(1000);
    expect(bench.ending).toEqual(broken);
  });

  it('is waited for while nothing at all arrives', () => {
    const bench = restoring();
    bench.waits(40_000);
    expect(bench.faults).toEqual([]);
  });

  it('is sent once, not again, after the fetches have failed', () => {
    const bench = doubtful();
    for (let count = 0; count < 4; count++) {
      lives(bench);
      bench.waits(10_000);
    }
    expect(bench.updated.filter((each) => 'instructions' in (each as object))).toHaveLength(2);
    expect(bench.faults).toEqual([broken.reason]);
  });
});
