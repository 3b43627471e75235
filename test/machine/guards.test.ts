import { describe, expect, it } from 'vitest';
import type { Ask } from '../../src/machine/index.js';
import {
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

const gone = (gate: Bench): unknown => gate.step({ type: 'gone', code: 1006, reason: '' });
const close = (gate: Bench): unknown => gate.step({ type: 'close' });
const know = (gate: Bench, fact: 'hangup' | 'resumed' | 'over-budget' | 'within-budget' | 'playing' | 'drained') =>
  gate.step({ type: 'know', fact });

/** Each row of the guard table: how it is shut, how it opens, what it is, and who may override it. */
const rows: readonly {
  readonly guard: string;
  readonly kind: 'terminal' | 'transient';
  readonly shuts: (gate: Bench) => unknown;
  readonly opens: ((gate: Bench) => unknown) | null;
  readonly override: Ask['override'][number] | null;
}[] = [
  { guard: 'closed', kind: 'terminal', shuts: gone, opens: null, override: null },
  { guard: 'closing', kind: 'terminal', shuts: close, opens: null, override: null },
  {
    guard: 'hangup-pending',
    kind: 'terminal',
    shuts: (gate) => know(gate, 'hangup'),
    opens: (gate) => know(gate, 'resumed'),
    override: null,
  },
  {
    guard: 'over-budget',
    kind: 'terminal',
    shuts: (gate) => know(gate, 'over-budget'),
    opens: (gate) => know(gate, 'within-budget'),
    override: null,
  },
  {
    guard: 'loop',
    kind: 'terminal',
    shuts: (gate) => {
      for (let count = 0; count < 5; count++) {
        gate.speaks('again', `resp_loop_${count}`);
        gate.reads(done(`resp_loop_${count}`));
      }
    },
    opens: (gate) => gate.commits(),
    override: 'loop',
  },
  {
    guard: 'unconfirmed',
    kind: 'transient',
    shuts: (gate) => gate.asksToConfigure({ instructions: 'Sing.' }),
    opens: (gate) => gate.reads(sessionUpdated(sessionWith('off', { instructions: 'Sing.' }))),
    override: null,
  },
  {
    guard: 'user-speaking',
    kind: 'transient',
    shuts: (gate) => gate.reads(speechStarted()),
    opens: (gate) => gate.reads(speechStopped()),
    override: 'user-speaking',
  },
  {
    guard: 'response-imminent',
    kind: 'transient',
    shuts: (gate) => {
      gate.reads(sessionUpdated(sessionWith('automatic')), speechStopped());
    },
    opens: (gate) => gate.waits(400),
    override: null,
  },
  {
    guard: 'response-active',
    kind: 'transient',
    shuts: (gate) => gate.reads(created('resp_1')),
    opens: (gate) => gate.reads(done('resp_1')),
    override: null,
  },
  {
    guard: 'playback',
    kind: 'transient',
    shuts: (gate) => know(gate, 'playing'),
    opens: (gate) => know(gate, 'drained'),
    override: 'playback',
  },
];

describe.each(rows)('the guard $guard', ({ guard, kind, shuts, opens, override }) => {
  it(`is ${kind}: a request that meets it ${kind === 'terminal' ? 'is refused' : 'is held'}`, () => {
    const gate = given();
    shuts(gate);
    gate.forget();
    const asked = gate.asks('reply', { params: {} });
    expect(asked.verdict).toBe(kind === 'terminal' ? `refuse: ${guard}` : `hold: ${guard}`);
    expect(gate.created).toEqual([]);
  });

  it('is shut to whoever does not wait', () => {
    const gate = given();
    shuts(gate);
    expect(gate.asks('reply', { whenBlocked: 'refuse' }).verdict).toBe(`refuse: ${guard}`);
  });

  it(opens ? 'opens again, and lets go what waited' : 'never opens again', () => {
    const gate = given();
    shuts(gate);
    gate.forget();
    const asked = gate.asks('reply', { params: {} });
    opens?.(gate);
    gate.waits(60_000);
    expect(gate.shut).toEqual(opens ? [] : [guard]);
    expect(asked.verdict).toBe(kind === 'transient' ? 'admit' : `refuse: ${guard}`);
  });

  it(override ? 'can be overridden by name' : 'cannot be overridden', () => {
    const gate = given();
    shuts(gate);
    gate.forget();
    const asked = gate.asks('reply', { override: ['user-speaking', 'playback', 'loop'] });
    expect(asked.verdict === 'admit').toBe(override !== null);
  });
});

describe('terminal guards', () => {
  it.each(rows.filter(({ kind, guard }) => kind === 'terminal' && guard !== 'loop'))(
    'refuse what is held as soon as they shut ($guard)',
    ({ guard, shuts }) => {
      const gate = given();
      gate.reads(speechStarted());
      const asked = gate.asks('reply');
      shuts(gate);
      expect(asked.verdict).toBe(`refuse: ${guard}`);
      expect(asked.outcome).toBe(`unsent by ${guard}`);
    },
  );

  it('refuse what is held when the loop guard shuts before its turn comes', () => {
    const gate = given({ limits: { responsesInARow: 2 } });
    gate.speaks('one', 'resp_1');
    const two = gate.asks('two');
    const three = gate.asks('three');
    gate.reads(done('resp_1'));
    gate.creates('resp_2');
    expect([two.verdict, three.verdict]).toEqual(['admit', 'refuse: loop']);
  });

  it('let nothing through ever again once the transport is gone', () => {
    const gate = given();
    gone(gate);
    gate.connects();
    gate.reads(sessionUpdated(sessionWith('off')));
    expect(gate.asks('reply').verdict).toBe('refuse: closed');
  });

  it('stay shut when the socket dies while it is being closed', () => {
    const gate = given();
    close(gate);
    gate.connects();
    expect(gate.asks('reply').verdict).toBe('refuse: closing');
    gone(gate);
    expect(gate.asks('reply').verdict).toBe('refuse: closed');
    expect(gate.updated).toEqual([]);
  });

  it('let a farewell pass by a pending hang-up and by the loop guard, and by nothing else', () => {
    const gate = given({ limits: { responsesInARow: 1 } });
    gate.speaks('greeting', 'resp_1');
    gate.reads(done('resp_1'));
    know(gate, 'hangup');
    expect(gate.asks('farewell', { origin: 'farewell' }).verdict).toBe('admit');
    know(gate, 'over-budget');
    expect(gate.asks('farewell', { origin: 'farewell' }).verdict).toBe('refuse: over-budget');
  });

  it('do not undo a create that is out already when a hang-up begins', () => {
    const gate = given();
    const greeting = gate.asks('greeting');
    know(gate, 'hangup');
    expect(greeting.outcome).toBe('open');
    gate.creates('resp_1');
    gate.reads(done('resp_1'));
    expect(greeting.outcome).toBe('completed');
  });
});

describe('the loop guard', () => {
  const talkative = (responses: number): Bench => {
    const gate = given({ limits: { responsesInARow: 3 }, detection: 'quiet' });
    for (let count = 0; count < responses; count++) {
      gate.speaks('remark', `resp_${count}`);
      gate.reads(done(`resp_${count}`));
    }
    return gate;
  };

  it('shuts at the n-th of our responses in a row', () => {
    expect(talkative(2).shut).toEqual([]);
    expect(talkative(3).shut).toEqual(['loop']);
  });

  it.each([
    ['a turn that voice detection reports', (gate: Bench) => gate.reads(speechStarted(), speechStopped())],
    ['our own commit', (gate: Bench) => gate.commits()],
    ["userTurn('begins')", (gate: Bench) => (turnBegins(gate), turnEnds(gate))],
    ['an item of the user', (gate: Bench) => gate.sends('item_1', { type: 'message', role: 'user' })],
  ])('opens at %s', (_, happens) => {
    const gate = talkative(3);
    happens(gate);
    expect(gate.shut).toEqual([]);
  });

  it('stays shut for an item that is not of the user', () => {
    const gate = talkative(3);
    gate.sends('item_1', { type: 'message', role: 'system' });
    expect(gate.shut).toEqual(['loop']);
  });

  it('counts a tool chain once', () => {
    const gate = talkative(2);
    for (let round = 0; round < 10; round++) {
      gate.sends(`item_${round}`);
      gate.speaks('tool:look', `resp_follow_${round}`, { origin: 'follow-up' });
      gate.reads(done(`resp_follow_${round}`));
    }
    expect(gate.shut).toEqual([]);
  });

  it('lets the last one that it lets out finish its tools', () => {
    const gate = talkative(2);
    gate.speaks('look', 'resp_look');
    gate.reads(done('resp_look'));
    gate.sends('item_output');
    expect(gate.shut).toEqual(['loop']);
    expect(gate.asks('tool:look', { origin: 'follow-up' }).verdict).toBe('admit');
  });

  it('lets an apology pass: the call would end in silence', () => {
    expect(talkative(3).asks('apology', { origin: 'apology' }).verdict).toBe('admit');
  });

  it('counts what was created, not what was asked for', () => {
    const gate = talkative(2);
    const refused = gate.asks('remark');
    gate.reads({ type: 'error', error: { code: 'server_error', event_id: gate.lastCreate.eventId } });
    expect(refused.outcome).toBe('unsent by rejected');
    expect(gate.shut).toEqual([]);
  });

  it('does not count the answers of the server, nor what is out of band', () => {
    const gate = talkative(2);
    gate.reads(created('resp_auto'), done('resp_auto'));
    gate.speaks('aside', 'resp_aside', { params: { conversation: 'none' } });
    gate.reads(done('resp_aside'));
    expect(gate.shut).toEqual([]);
  });

  it('counts a response that is created after its request was given up', () => {
    const gate = talkative(2);
    gate.asks('remark');
    gate.waits(10_000);
    gate.creates('resp_late');
    gate.reads(done('resp_late'));
    expect(gate.shut).toEqual(['loop']);
  });
});

describe('the guards of the user', () => {
  const guarded = (shut: () => boolean, kind: 'transient' | 'terminal' = 'transient'): Bench =>
    given({ guards: [{ name: 'office-hours', kind, shut }] });

  it('hold while their function says so, and let go when it no longer does', () => {
    let night = true;
    const gate = guarded(() => night);
    const asked = gate.asks('reply');
    expect(asked.verdict).toBe('hold: office-hours');
    night = false;
    gate.step({ type: 'reconsider' });
    expect(asked.verdict).toBe('admit');
  });

  it('refuse if they are terminal', () => {
    expect(guarded(() => true, 'terminal').asks('reply').verdict).toBe('refuse: office-hours');
  });

  it('are shut by a throw, which is a fault', () => {
    const gate = guarded(() => {
      throw new Error('no clock');
    });
    expect(gate.asks('reply').verdict).toBe('hold: office-hours');
    expect(gate.notices.find(({ kind }) => kind === 'fault')).toMatchObject({ cause: new Error('no clock') });
  });

  it('are asked once a step, however many requests wait', () => {
    let asked = 0;
    const gate = guarded(() => ++asked > 0);
    gate.asks('one');
    gate.asks('two');
    asked = 0;
    gate.step({ type: 'reconsider' });
    expect(asked).toBe(1);
  });

  it('are not asked while nobody asks or waits', () => {
    let asked = 0;
    const gate = guarded(() => ++asked > 0);
    gate.reads(created('resp_1'), done('resp_1'));
    expect(asked).toBe(0);
  });

  it('are asked for what is out of band as well', () => {
    const gate = guarded(() => true);
    expect(gate.asks('aside', { params: { conversation: 'none' } }).verdict).toBe('hold: office-hours');
  });

  it('are named after the built-in ones, which are named in the order of their table', () => {
    const gate = given({ guards: [{ name: 'office-hours', kind: 'transient', shut: () => true }] });
    know(gate, 'playing');
    gate.reads(created('resp_1'), speechStarted());
    gate.asksToConfigure({ instructions: 'Sing.' });
    expect(gate.asks('reply').verdict).toBe(
      'hold: unconfirmed, user-speaking, response-active, playback, office-hours',
    );
  });

  it('explain themselves by their name', () => {
    const gate = guarded(() => true, 'terminal');
    gate.asks('reply');
    expect(gate.notices).toContainEqual(expect.objectContaining({ message: "The guard 'office-hours' is shut." }));
  });
});

describe('before any configuration', () => {
  it('nothing leaves, whatever the server confirms', () => {
    const gate = unconfirmed();
    const asked = gate.asks('greeting');
    gate.reads(sessionUpdated(sessionWith('off')), { type: 'session.created', session: sessionWith('off') });
    expect(asked.verdict).toBe('hold: unconfirmed');
    expect(gate.created).toEqual([]);
  });
});

const turnBegins = (gate: Bench): unknown => gate.step({ type: 'turn', edge: 'begins' });
const turnEnds = (gate: Bench): unknown => gate.step({ type: 'turn', edge: 'ends' });
