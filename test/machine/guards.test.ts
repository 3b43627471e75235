import { describe, expect, it } from 'vitest';
import type { Ask } from '../../src/machine/index.js';
import {
  audioDelta,
  created,
  done,
  given,
  sessionUpdated,
  sessionWith,
  speechStarted,
  speechStopped,
  unconfirmed,
  type Bench,
} from './bench.js';

const gone = (bench: Bench): void => bench.loses();
const close = (bench: Bench): void => bench.closes();
const plays = (bench: Bench): void =>
  bench.reads(created('resp_heard'), audioDelta('resp_heard', 900), done('resp_heard'));

/** Each row of the guard table: how it shuts and opens, its kind, and who may override it. */
const rows: readonly {
  readonly guard: string;
  readonly kind: 'terminal' | 'transient';
  readonly shuts: (bench: Bench) => unknown;
  readonly opens: ((bench: Bench) => unknown) | null;
  readonly override: Ask['override'][number] | null;
}[] = [
  { guard: 'closed', kind: 'terminal', shuts: gone, opens: null, override: null },
  { guard: 'closing', kind: 'terminal', shuts: close, opens: null, override: null },
  {
    guard: 'hangup-pending',
    kind: 'terminal',
    shuts: (bench) => bench.hangsUp(),
    opens: (bench) => bench.reads(speechStarted(), speechStopped()),
    override: null,
  },
  {
    guard: 'loop',
    kind: 'terminal',
    shuts: (bench) => {
      for (let count = 0; count < 5; count++) {
        bench.speaks('again', `resp_loop_${count}`);
        bench.reads(done(`resp_loop_${count}`));
      }
    },
    opens: (bench) => bench.commits(),
    override: 'loop',
  },
  {
    guard: 'unconfirmed',
    kind: 'transient',
    shuts: (bench) => bench.asksToConfigure({ instructions: 'Sing.' }),
    opens: (bench) => bench.reads(sessionUpdated(sessionWith('off', { instructions: 'Sing.' }))),
    override: null,
  },
  {
    guard: 'user-speaking',
    kind: 'transient',
    shuts: (bench) => bench.reads(speechStarted()),
    opens: (bench) => bench.reads(speechStopped()),
    override: 'user-speaking',
  },
  {
    guard: 'response-imminent',
    kind: 'transient',
    shuts: (bench) => {
      bench.reads(sessionUpdated(sessionWith('automatic')), speechStopped());
    },
    opens: (bench) => bench.waits(400),
    override: null,
  },
  {
    guard: 'response-active',
    kind: 'transient',
    shuts: (bench) => bench.reads(created('resp_1')),
    opens: (bench) => bench.reads(done('resp_1')),
    override: null,
  },
  {
    guard: 'playback',
    kind: 'transient',
    shuts: plays,
    opens: (bench) => bench.waits(900),
    override: 'playback',
  },
];

describe.each(rows)('the guard $guard', ({ guard, kind, shuts, opens, override }) => {
  it(`is ${kind}: a request that meets it ${kind === 'terminal' ? 'is refused' : 'is held'}`, () => {
    const bench = given({ playback: 'waits', detection: guard === 'hangup-pending' ? 'quiet' : 'off' });
    shuts(bench);
    bench.forget();
    const asked = bench.asks('reply', { params: {} });
    expect(asked.verdict).toBe(kind === 'terminal' ? `refuse: ${guard}` : `hold: ${guard}`);
    expect(bench.created).toEqual([]);
  });

  it('is shut to a request that does not wait', () => {
    const bench = given({ playback: 'waits', detection: guard === 'hangup-pending' ? 'quiet' : 'off' });
    shuts(bench);
    expect(bench.asks('reply', { whenBlocked: 'refuse' }).verdict).toBe(`refuse: ${guard}`);
  });

  it(opens ? 'opens again, and lets go what waited' : 'never opens again', () => {
    const bench = given({ playback: 'waits', detection: guard === 'hangup-pending' ? 'quiet' : 'off' });
    shuts(bench);
    bench.forget();
    const asked = bench.asks('reply', { params: {} });
    opens?.(bench);
    bench.waits(60_000);
    expect(bench.shut).toHaveLength(opens ? 0 : 1);
    expect(asked.verdict).toBe(kind === 'transient' ? 'admit' : `refuse: ${guard}`);
  });

  it(override ? 'can be overridden by name' : 'cannot be overridden', () => {
    const bench = given({ playback: 'waits', detection: guard === 'hangup-pending' ? 'quiet' : 'off' });
    shuts(bench);
    bench.forget();
    const asked = bench.asks('reply', { override: ['user-speaking', 'playback', 'loop'] });
    expect(asked.verdict === 'admit').toBe(override !== null);
  });
});

describe('terminal guards', () => {
  it.each(rows.filter(({ kind, guard }) => kind === 'terminal' && guard !== 'loop'))(
    'refuse what is held as soon as they shut ($guard)',
    ({ guard, shuts }) => {
      const bench = given();
      bench.reads(created('resp_0'));
      const asked = bench.asks('reply');
      shuts(bench);
      expect(asked.verdict).toBe(`refuse: ${guard}`);
      expect(asked.outcome).toBe(`unsent by ${guard}`);
    },
  );

  it('refuse what is held when the loop guard shuts before its turn comes', () => {
    const bench = given({ limits: { responsesInARow: 2 } });
    bench.speaks('one', 'resp_1');
    const two = bench.asks('two');
    const three = bench.asks('three');
    bench.reads(done('resp_1'));
    bench.creates('resp_2');
    expect([two.verdict, three.verdict]).toEqual(['admit', 'refuse: loop']);
  });

  it('let nothing through ever again once the transport is gone', () => {
    const bench = given();
    gone(bench);
    bench.reads(sessionUpdated(sessionWith('off')));
    expect(bench.asks('reply').verdict).toBe('refuse: closed');
  });

  it('stay shut when the socket dies while it is being closed', () => {
    const bench = given();
    close(bench);
    expect(bench.asks('reply').verdict).toBe('refuse: closing');
    gone(bench);
    expect(bench.asks('reply').verdict).toBe('refuse: closed');
  });

  it('let a farewell pass by a pending hang-up and by the loop guard', () => {
    const bench = given({ limits: { responsesInARow: 1 } });
    bench.speaks('greeting', 'resp_1');
    bench.reads(done('resp_1'));
    bench.hangsUp();
    expect(bench.created).toEqual(['greeting', 'farewell']);
  });

  it('do not undo a create that is out already when a hang-up begins', () => {
    const bench = given();
    const greeting = bench.asks('greeting');
    bench.hangsUp();
    expect(greeting.outcome).toBe('open');
    bench.creates('resp_1');
    bench.reads(done('resp_1'));
    expect(greeting.outcome).toBe('completed');
  });
});

describe('the loop guard', () => {
  const talkative = (responses: number): Bench => {
    const bench = given({ limits: { responsesInARow: 3 }, detection: 'quiet' });
    for (let count = 0; count < responses; count++) {
      bench.speaks('remark', `resp_${count}`);
      bench.reads(done(`resp_${count}`));
    }
    return bench;
  };

  it('shuts at the n-th of our responses in a row', () => {
    expect(talkative(2).shut).toEqual([]);
    expect(talkative(3).shut).toEqual(['loop']);
  });

  it.each([
    ['a turn that voice detection reports', (bench: Bench) => bench.reads(speechStarted(), speechStopped())],
    ['our own commit', (bench: Bench) => bench.commits()],
    ["userTurn('begins')", (bench: Bench) => (bench.turns('begins'), bench.turns('ends'))],
    ['an item of the user', (bench: Bench) => bench.sends('item_1', { type: 'message', role: 'user' })],
  ])('opens at %s', (_, happens) => {
    const bench = talkative(3);
    happens(bench);
    expect(bench.shut).toEqual([]);
  });

  it('stays shut for an item that is not of the user', () => {
    const bench = talkative(3);
    bench.sends('item_1', { type: 'message', role: 'system' });
    expect(bench.shut).toEqual(['loop']);
  });

  it('counts a tool chain once', () => {
    const bench = talkative(2);
    for (let round = 0; round < 10; round++) {
      bench.sends(`item_${round}`);
      bench.speaks('tool:look', `resp_follow_${round}`, { origin: 'follow-up' });
      bench.reads(done(`resp_follow_${round}`));
    }
    expect(bench.shut).toEqual([]);
  });

  it('lets the last one that it lets out finish its tools', () => {
    const bench = talkative(2);
    bench.speaks('look', 'resp_look');
    bench.reads(done('resp_look'));
    bench.sends('item_output');
    expect(bench.shut).toEqual(['loop']);
    expect(bench.asks('tool:look', { origin: 'follow-up' }).verdict).toBe('admit');
  });

  it('lets an apology pass: the call would end in silence', () => {
    expect(talkative(3).asks('apology', { origin: 'apology' }).verdict).toBe('admit');
  });

  it('counts what was created, not what was asked for', () => {
    const bench = talkative(2);
    const refused = bench.asks('remark');
    bench.reads({ type: 'error', error: { code: 'server_error', event_id: bench.lastCreate.eventId } });
    expect(refused.outcome).toBe('unsent by rejected');
    expect(bench.shut).toEqual([]);
  });

  it('does not count the answers of the server, nor what is out of band', () => {
    const bench = talkative(2);
    bench.reads(created('resp_auto'), done('resp_auto'));
    bench.speaks('aside', 'resp_aside', { params: { conversation: 'none' } });
    bench.reads(done('resp_aside'));
    expect(bench.shut).toEqual([]);
  });

  it('counts a response that is created after its request was given up', () => {
    const bench = talkative(2);
    bench.asks('remark');
    bench.waits(10_000);
    bench.creates('resp_late');
    bench.reads(done('resp_late'));
    expect(bench.shut).toEqual(['loop']);
  });
});

describe('the guards of the user', () => {
  const guarded = (shut: () => boolean, kind: 'transient' | 'terminal' = 'transient'): Bench =>
    given({ guards: [{ name: 'office-hours', kind, shut }] });

  it('hold while their function says so, and let go when it no longer does', () => {
    let night = true;
    const bench = guarded(() => night);
    const asked = bench.asks('reply');
    expect(asked.verdict).toBe('hold: office-hours');
    night = false;
    bench.step({ type: 'reconsider' });
    expect(asked.verdict).toBe('admit');
  });

  it('refuse if they are terminal', () => {
    expect(guarded(() => true, 'terminal').asks('reply').verdict).toBe('refuse: office-hours');
  });

  it('are shut by a throw, which is a fault', () => {
    const bench = guarded(() => {
      throw new Error('no clock');
    });
    expect(bench.asks('reply').verdict).toBe('hold: office-hours');
    expect(bench.notices.find(({ kind }) => kind === 'fault')).toMatchObject({
      message: "The guard 'office-hours' threw, and counts as shut. no clock",
      thrown: { words: 'no clock' },
    });
  });

  it.each([true, false])('are no fault where they answer (%s)', (shut) => {
    const bench = guarded(() => shut);
    bench.asks('reply');
    expect(bench.faults).toEqual([]);
  });

  it('are asked again at a frame that changes nothing else', () => {
    let night = true;
    const bench = guarded(() => night);
    const asked = bench.asks('reply');
    night = false;
    bench.reads({ type: 'conversation.item.input_audio_transcription.delta' });
    expect(asked.verdict).toBe('admit');
  });

  it('are asked once a step, however many requests wait', () => {
    let asked = 0;
    const bench = guarded(() => ++asked > 0);
    bench.asks('one');
    bench.asks('two');
    asked = 0;
    bench.step({ type: 'reconsider' });
    expect(asked).toBe(1);
  });

  it('are not asked while nobody asks or waits', () => {
    let asked = 0;
    const bench = guarded(() => ++asked > 0);
    bench.reads(created('resp_1'), done('resp_1'));
    expect(asked).toBe(0);
  });

  it('are asked for what is out of band as well', () => {
    const bench = guarded(() => true);
    expect(bench.asks('aside', { params: { conversation: 'none' } }).verdict).toBe('hold: office-hours');
  });

  it('are named after the built-in ones, which are named in the order of their table', () => {
    const bench = given({ playback: 'waits', guards: [{ name: 'office-hours', kind: 'transient', shut: () => true }] });
    bench.session.detection = { responds: false, interrupts: false };
    plays(bench);
    bench.reads(created('resp_1'), speechStarted());
    bench.asksToConfigure({ instructions: 'Sing.' });
    expect(bench.asks('reply').verdict).toBe(
      'hold: unconfirmed, user-speaking, response-active, playback, office-hours',
    );
  });

  it('explain themselves by their name', () => {
    const bench = guarded(() => true, 'terminal');
    bench.asks('reply');
    expect(bench.notices).toContainEqual(expect.objectContaining({ message: "The guard 'office-hours' is shut." }));
  });
});

describe('before any configuration', () => {
  it('nothing leaves, whatever the server confirms', () => {
    const bench = unconfirmed();
    const asked = bench.asks('greeting');
    bench.reads(sessionUpdated(sessionWith('off')), { type: 'session.created', session: sessionWith('off') });
    expect(asked.verdict).toBe('hold: unconfirmed');
    expect(bench.created).toEqual([]);
  });
});
