import { describe, expect, it } from 'vitest';
import { ledgerOf, stateOf, type Rules } from '../../src/machine/index.js';
import { created, done, given, inWords, sessionUpdated, speechStarted, unconfirmed, type Bench } from './bench.js';
import { policy } from './lines.js';

const CENT = 10_000_000;
const budget: NonNullable<Rules['budget']> = {
  limit: 10 * CENT,
  warnAt: null,
  reserve: CENT,
  perResponse: CENT,
  atLimit: 'tell',
  farewell: { instructions: 'Say goodbye.' },
  shared: 'no',
};
const withBudget = (changed: Partial<typeof budget> = {}, options: Parameters<typeof given>[0] = {}): Bench =>
  given({ budget: { ...budget, ...changed }, limits: { responsesInARow: 99 }, ...options });

/** Plays a response of ours that costs this many cents: 2,500 text tokens of input cost one. */
const costing = (cents: number): object => ({ ...inWords, usage: { input_tokens: cents * 2_500 } });
function says(bench: Bench, id: string, cents: number): void {
  bench.speaks('reply', id);
  bench.reads(done(id, 'completed', costing(cents)));
}
const stands = (bench: Bench) => stateOf(bench.session, bench.now).budget;

describe('over-budget', () => {
  it('is open while a response fits, with what is kept for a farewell', () => {
    const bench = withBudget();
    says(bench, 'resp_1', 1);
    expect(bench.asks('reply').verdict).toBe('admit');
  });

  it('shuts where the next response would not fit any more, and says what to do', () => {
    const bench = withBudget();
    says(bench, 'resp_1', 8.5);
    const asked = bench.asks('reply');
    expect(asked.verdict).toBe('refuse: over-budget');
    expect(JSON.stringify(bench.notices)).toContain('setBudget()');
  });

  it('takes a response to cost as much as the dearest so far', () => {
    const bench = withBudget();
    says(bench, 'resp_1', 5);
    expect(bench.asks('reply').verdict).toBe('refuse: over-budget');
  });

  it('counts what is in flight, created or not, as spent', () => {
    const bench = withBudget({ limit: 4 * CENT });
    bench.asks('summary', { params: { conversation: 'none' } });
    bench.creates('resp_1', { conversation_id: null });
    bench.asks('summary', { params: { conversation: 'none' } });
    expect(stands(bench)).toMatchObject({ reservedNanoUsd: 2 * CENT });
    bench.asks('summary', { params: { conversation: 'none' } });
    expect(bench.asks('summary', { params: { conversation: 'none' } }).verdict).toBe('refuse: over-budget');
  });

  it('opens again when what was in flight turns out cheaper', () => {
    const bench = withBudget({ limit: 3 * CENT });
    bench.speaks('reply', 'resp_1');
    expect(bench.asks('summary', { params: { conversation: 'none' } }).verdict).toBe('admit');
    bench.creates('resp_2', { conversation_id: null });
    expect(bench.asks('summary', { params: { conversation: 'none' } }).verdict).toBe('refuse: over-budget');
    bench.reads(done('resp_1', 'completed', costing(0.1)));
    expect(bench.asks('reply').verdict).toBe('refuse: over-budget');
    bench.reads(done('resp_2', 'completed', costing(0.1)));
    expect(bench.asks('reply').verdict).toBe('admit');
  });

  it('counts what the server answers by itself', () => {
    const bench = withBudget({}, { detection: 'automatic' });
    bench.reads(created('resp_1'), done('resp_1', 'completed', costing(9)));
    expect(bench.asks('reply').verdict).toBe('refuse: over-budget');
  });

  it('refuses what waits, once the money is gone', () => {
    const bench = withBudget({}, { detection: 'automatic' });
    bench.reads(created('resp_1'));
    const asked = bench.asks('reply');
    bench.reads(done('resp_1', 'completed', costing(9)));
    expect(asked.verdict).toBe('refuse: over-budget');
    expect(bench.created).toEqual([]);
  });

  it('lets a farewell use what is kept for it, and not more than that', () => {
    const bench = withBudget();
    says(bench, 'resp_1', 1);
    bench.reads(created('resp_2'), done('resp_2', 'completed', costing(7.5)));
    bench.hangsUp();
    expect(bench.created.at(-1)).toBe('farewell');
    const poor = withBudget();
    says(poor, 'resp_1', 9.5);
    poor.hangsUp();
    poor.loses(1000);
    expect(poor.created).toEqual(['reply']);
    expect(poor.ending).toMatchObject({ kind: 'hung-up', farewell: 'failed' });
  });

  it('is not there without a budget', () => {
    const bench = given({ limits: { responsesInARow: 99 } });
    says(bench, 'resp_1', 900);
    expect(bench.asks('reply').verdict).toBe('admit');
    expect(stands(bench)).toBeNull();
  });
});

describe('a budget that runs out', () => {
  it('warns the operator once', () => {
    const bench = withBudget({ warnAt: 2 * CENT });
    for (const id of ['resp_1', 'resp_2', 'resp_3']) says(bench, id, 1);
    expect(bench.faults).toEqual(['The session has spent $0.0200 of $0.1000: the budget is running low.']);
    expect(stands(bench)).toMatchObject({ state: 'low' });
  });

  it('tells the operator, and leaves it at that, where the rules say so', () => {
    const bench = withBudget({}, { detection: 'automatic' });
    says(bench, 'resp_1', 9.5);
    expect(bench.faults).toEqual(['The session has spent $0.0950 of $0.1000: nothing more is asked for.']);
    expect(stands(bench)).toMatchObject({ state: 'spent' });
    expect(bench.updated).toEqual([]);
  });

  it('ends the call politely, and says why', () => {
    const bench = withBudget({ atLimit: 'hang-up', reserve: 5 * CENT }, { endsCall: 'yes' });
    says(bench, 'resp_1', 1);
    bench.reads(created('resp_2'), done('resp_2', 'completed', costing(3.5)));
    expect(bench.created.at(-1)).toBe('farewell');
    bench.creates('resp_3');
    bench.reads(done('resp_3', 'failed', costing(1)));
    expect(bench.commands).toContainEqual({ do: 'end-call', why: 'budget' });
  });

  it('has the server answer no more by itself, and answer again once the limit is raised', () => {
    const bench = withBudget({ atLimit: 'stop-answering' }, { detection: 'automatic' });
    bench.reads(created('resp_1'), done('resp_1', 'completed', costing(9.5)));
    expect(bench.updated).toMatchObject([{ audio: { input: { turn_detection: { create_response: false } } } }]);
    bench.reads(sessionUpdated({ ...bench.session.configuration.inFlight!.whole }));
    bench.step({ type: 'budget', limit: 30 * CENT, warnAt: null });
    expect(bench.updated.at(-1)).toMatchObject({ audio: { input: { turn_detection: { create_response: true } } } });
    expect(bench.asks('reply').verdict).toBe('hold: unconfirmed');
  });

  it('opens again once the limit is raised, and warns again', () => {
    const bench = withBudget();
    says(bench, 'resp_1', 9.5);
    bench.step({ type: 'budget', limit: 40 * CENT, warnAt: 9 * CENT });
    expect(stands(bench)).toMatchObject({ limitNanoUsd: 40 * CENT });
    expect(bench.asks('reply').verdict).toBe('admit');
  });

  it('says that a model without a price is not counted', () => {
    const bench = withBudget({}, { model: 'gpt-realtime-9' });
    bench.reads(sessionUpdated({ model: 'gpt-realtime-9' }));
    says(bench, 'resp_1', 1);
    says(bench, 'resp_2', 1);
    expect(bench.faults.filter((words) => words.includes('without a known price'))).toHaveLength(1);
  });

  it('does nothing to a session that has ended', () => {
    const bench = withBudget({ atLimit: 'hang-up' });
    bench.speaks('reply', 'resp_1');
    bench.closes();
    bench.reads(done('resp_1', 'completed', costing(99)));
    expect(bench.faults).toEqual([]);
  });

  it('does not speak over the user to say goodbye', () => {
    const bench = withBudget({ atLimit: 'hang-up', reserve: 5 * CENT }, { detection: 'silent' });
    bench.speaks('reply', 'resp_1');
    bench.reads(speechStarted());
    bench.reads(done('resp_1', 'completed', costing(6)));
    expect(bench.created).toEqual(['reply']);
  });
});

describe('a shared budget', () => {
  const shared = (changed: Partial<typeof budget> = {}): Bench =>
    withBudget({ limit: null, shared: 'yes', ...changed });
  const asksFor = (bench: Bench): readonly number[] =>
    bench.commands.flatMap((each) => (each.do === 'lease' ? [each.nanoUsd] : []));
  const grants = (bench: Bench, cents: number): void =>
    void bench.step({ type: 'leased', nanoUsd: cents * CENT, threw: null });

  it('is asked for money ahead, and spends no more than it was given', () => {
    const bench = shared();
    bench.asksToConfigure({});
    bench.reads(sessionUpdated({}));
    expect(asksFor(bench)).toEqual([]);
    grants(bench, 2);
    expect(bench.asks('reply').verdict).toBe('admit');
  });

  it('shuts the guard while it has given nothing', () => {
    expect(shared().asks('reply').verdict).toBe('refuse: over-budget');
  });

  it('is asked again while there is still enough for two', () => {
    const bench = shared();
    grants(bench, 4);
    bench.forget();
    says(bench, 'resp_1', 1);
    expect(asksFor(bench)).toEqual([]);
    says(bench, 'resp_2', 1);
    expect(asksFor(bench)).toEqual([4 * CENT]);
    grants(bench, 4);
    expect(stands(bench)).toMatchObject({ leasedNanoUsd: 8 * CENT });
  });

  it('that has no more is asked again after five seconds', () => {
    const bench = shared();
    grants(bench, 0);
    bench.forget();
    expect(bench.asks('reply').verdict).toBe('refuse: over-budget');
    expect(asksFor(bench)).toEqual([]);
    bench.waits(5_000);
    expect(asksFor(bench)).toEqual([4 * CENT]);
  });

  it('whose store fails is a fault of the user’s own', () => {
    const bench = shared();
    bench.step({ type: 'leased', nanoUsd: 0, threw: { ref: 1, words: 'it is down' } });
    expect(bench.faults).toContain('The store of the budget failed: it is down');
  });

  it('whose store does not answer is a fault after ten seconds; what it gives after that is taken', () => {
    const bench = shared();
    bench.waits(10_000);
    expect(bench.faults).toContain('The store of the budget has not answered.');
    grants(bench, 4);
    expect(bench.asks('reply').verdict).toBe('admit');
  });

  it('is told at the end what was used', () => {
    const bench = shared();
    grants(bench, 4);
    says(bench, 'resp_1', 1);
    bench.loses();
    expect(bench.commands.at(-1)).toEqual({ do: 'settle-lease', leasedNanoUsd: 4 * CENT, spentNanoUsd: CENT });
  });
});

describe('a change of the budget', () => {
  it('while it is low makes it ample again, and a later warning is given again', () => {
    const bench = withBudget({ warnAt: 2 * CENT });
    says(bench, 'resp_1', 2);
    expect(stands(bench)).toMatchObject({ state: 'low' });
    bench.step({ type: 'budget', limit: 20 * CENT, warnAt: 4 * CENT });
    expect(stands(bench)).toMatchObject({ state: 'ample' });
    says(bench, 'resp_2', 2);
    expect(bench.faults).toEqual([
      'The session has spent $0.0200 of $0.1000: the budget is running low.',
      'The session has spent $0.0400 of $0.2000: the budget is running low.',
    ]);
  });

  it('to a lower limit shuts the gate at once', () => {
    const bench = withBudget();
    says(bench, 'resp_1', 2);
    bench.step({ type: 'budget', limit: 3 * CENT, warnAt: null });
    expect(stands(bench)).toMatchObject({ state: 'spent' });
    expect(bench.asks('reply').verdict).toBe('refuse: over-budget');
  });

  it('that is too small a rise leaves it spent', () => {
    const bench = withBudget();
    says(bench, 'resp_1', 9.5);
    bench.step({ type: 'budget', limit: 12 * CENT, warnAt: null });
    expect(stands(bench)).toMatchObject({ state: 'spent' });
    expect(bench.faults).toHaveLength(1);
  });

  it('has the server answer again only where the budget had told it to stop', () => {
    const bench = withBudget({}, { detection: 'automatic' });
    bench.reads(created('resp_1'), done('resp_1', 'completed', costing(9.5)));
    bench.step({ type: 'budget', limit: 90 * CENT, warnAt: null });
    expect(bench.updated).toEqual([]);
  });

  it('asks nothing of a server that did not answer by itself', () => {
    const bench = withBudget({ atLimit: 'stop-answering' }, { detection: 'quiet' });
    says(bench, 'resp_1', 9.5);
    bench.step({ type: 'budget', limit: 90 * CENT, warnAt: null });
    expect(bench.updated).toEqual([]);
  });

  it('asks nothing of a server whose turn detection was taken away since', () => {
    const bench = withBudget({ atLimit: 'stop-answering' }, { detection: 'automatic' });
    bench.reads(created('resp_1'), done('resp_1', 'completed', costing(9.5)));
    bench.reads(sessionUpdated({ ...bench.session.configuration.inFlight!.whole }));
    bench.reads(sessionUpdated({ audio: { input: { turn_detection: null } } }));
    bench.step({ type: 'budget', limit: 90 * CENT, warnAt: null });
    expect(bench.updated).toHaveLength(1);
  });

  it('by new rules stands from there', () => {
    const bench = given({ limits: { responsesInARow: 99 } });
    bench.step({ type: 'rules', rules: { ...bench.session.rules, budget: { ...budget, warnAt: CENT } } });
    expect(stands(bench)).toMatchObject({ limitNanoUsd: 10 * CENT, state: 'ample' });
    says(bench, 'resp_1', 1);
    expect(stands(bench)).toMatchObject({ state: 'low' });
  });
});

describe('what a budget tells', () => {
  const toldOf = (bench: Bench) =>
    bench.notices.flatMap((each) => (each.kind === 'fault' ? [[each.whose, each.message]] : []));

  it('is the user’s own to hear: a warning, the end, a model without a price', () => {
    const bench = withBudget({ warnAt: CENT }, { prices: { models: {}, transcription: {} } });
    says(bench, 'resp_1', 1);
    expect(toldOf(bench)).toEqual([
      ['user', 'A model without a known price was used: the budget does not count what it costs.'],
    ]);
    const other = withBudget({ warnAt: CENT });
    says(other, 'resp_1', 1);
    says(other, 'resp_2', 8.5);
    expect(toldOf(other).map(([whose]) => whose)).toEqual(['user', 'user']);
  });

  it('is told once of each, and of the end without a warning where both come at once', () => {
    const bench = withBudget({ warnAt: CENT });
    says(bench, 'resp_1', 9.5);
    expect(bench.faults).toHaveLength(1);
    bench.reads(created('resp_2'), done('resp_2', 'completed', costing(1)));
    expect(bench.faults).toHaveLength(1);
  });

  it('is nothing where there is no budget, and nothing more once it has been told of a model without a price', () => {
    const none = given({ prices: { models: {}, transcription: {} } });
    says(none, 'resp_1', 1);
    expect(none.faults).toEqual([]);
    const bench = withBudget({}, { detection: 'automatic' });
    bench.reads(sessionUpdated({ model: 'gpt-realtime-9', audio: { input: { turn_detection: null } } }));
    says(bench, 'resp_1', 1);
    bench.reads(sessionUpdated({ model: 'gpt-realtime-2.1', audio: { input: { turn_detection: null } } }));
    says(bench, 'resp_2', 1);
    expect(bench.faults).toHaveLength(1);
  });

  it('says of how much: of the limit, also where a shared budget has given less so far', () => {
    const bench = withBudget({ limit: 50 * CENT, warnAt: CENT, shared: 'yes' });
    bench.step({ type: 'leased', nanoUsd: 9 * CENT, threw: null });
    says(bench, 'resp_1', 1);
    expect(bench.faults).toEqual(['The session has spent $0.0100 of $0.5000: the budget is running low.']);
    const unlimited = withBudget({ limit: null, warnAt: CENT, shared: 'yes' });
    unlimited.step({ type: 'leased', nanoUsd: 9 * CENT, threw: null });
    says(unlimited, 'resp_1', 1);
    expect(unlimited.faults).toEqual(['The session has spent $0.0100: the budget is running low.']);
  });

  it('says whose limit ended it: its own, or that of the shared budget', () => {
    const bench = withBudget({ limit: 50 * CENT, shared: 'yes' });
    bench.step({ type: 'leased', nanoUsd: 4 * CENT, threw: null });
    says(bench, 'resp_1', 3);
    bench.step({ type: 'leased', nanoUsd: 0, threw: null });
    expect(bench.faults).toEqual([
      'The session has spent $0.0300 of $0.0400 that the shared budget had for it: nothing more is asked for.',
    ]);
    const own = withBudget({ limit: 4 * CENT, shared: 'yes' });
    own.step({ type: 'leased', nanoUsd: 4 * CENT, threw: null });
    says(own, 'resp_1', 3);
    own.step({ type: 'leased', nanoUsd: 0, threw: null });
    expect(own.faults).toEqual(['The session has spent $0.0300 of $0.0400: nothing more is asked for.']);
  });

  it('warns at the very amount', () => {
    const bench = withBudget({ warnAt: 2 * CENT });
    says(bench, 'resp_1', 1.9996);
    expect(bench.faults).toEqual([]);
    says(bench, 'resp_2', 0.0004);
    expect(bench.faults).toHaveLength(1);
  });
});

describe('what a response is taken to cost', () => {
  it('is what a short spoken answer costs, where nobody says otherwise, and nothing where no price is known', () => {
    const bench = withBudget({ perResponse: null, reserve: null, limit: 100 * CENT });
    bench.speaks('reply', 'resp_1');
    // 1,500 × 4 + 75 × 24 + 300 × 32 + 300 × 64 millionths of a dollar.
    expect(stands(bench)).toMatchObject({ reservedNanoUsd: 36_600_000 });
    const unpriced = withBudget({ perResponse: null }, { prices: { models: {}, transcription: {} } });
    unpriced.speaks('reply', 'resp_1');
    expect(stands(unpriced)).toMatchObject({ reservedNanoUsd: 0 });
  });

  it('is kept for a farewell as well, where nobody says how much', () => {
    const bench = withBudget({ reserve: null, limit: 2 * CENT });
    expect(bench.asks('reply').verdict).toBe('admit');
    bench.creates('resp_1');
    bench.reads(done('resp_1', 'completed', costing(0.01)));
    expect(bench.asks('reply').verdict).toBe('refuse: over-budget');
    bench.hangsUp();
    expect(bench.created.at(-1)).toBe('farewell');
  });

  it('does not keep an apology from being said: it may use what is kept for a farewell', () => {
    const bench = withBudget({ limit: 3 * CENT, reserve: CENT });
    says(bench, 'resp_1', 1.5);
    expect(bench.asks('reply').verdict).toBe('refuse: over-budget');
    expect(bench.asks('failure-apology', { origin: 'apology' }).verdict).toBe('admit');
  });

  it('ends nothing while what is left pays for one more, to the last billionth', () => {
    const bench = withBudget({ limit: 3 * CENT });
    says(bench, 'resp_1', 1);
    expect(stands(bench)).toMatchObject({ state: 'ample' });
    expect(bench.asks('reply').verdict).toBe('admit');
  });

  it('lets a response go that fits to the last billionth', () => {
    const bench = withBudget({ limit: 2 * CENT });
    expect(bench.asks('reply').verdict).toBe('admit');
    const poor = withBudget({ limit: 2 * CENT - 1 });
    expect(poor.asks('reply').verdict).toBe('refuse: over-budget');
  });
});

describe('a lease', () => {
  const shared = (): Bench => withBudget({ limit: null, shared: 'yes' });
  const leases = (bench: Bench): number => bench.commands.filter((each) => each.do === 'lease').length;
  const grants = (bench: Bench, nanoUsd: number): void => void bench.step({ type: 'leased', nanoUsd, threw: null });

  it('counts what is in flight as used', () => {
    const bench = shared();
    grants(bench, 4 * CENT);
    bench.forget();
    bench.speaks('reply', 'resp_1');
    bench.reads(done('resp_1', 'completed', costing(0.5)));
    bench.asks('summary', { params: { conversation: 'none' } });
    bench.creates('resp_2', { conversation_id: null });
    bench.speaks('reply', 'resp_3');
    expect(leases(bench)).toBe(0);
    bench.reads(done('resp_3', 'completed', costing(0.5)));
    expect(leases(bench)).toBe(1);
  });

  it('that is under way puts off the end: more may come', () => {
    const bench = withBudget({ limit: null, shared: 'yes', atLimit: 'hang-up' });
    grants(bench, 4 * CENT);
    says(bench, 'resp_1', 3);
    expect(stands(bench)).toMatchObject({ state: 'ample' });
    grants(bench, 12 * CENT);
    expect(bench.asks('reply').verdict).toBe('admit');
    bench.creates('resp_2');
    bench.reads(done('resp_2', 'completed', costing(12)));
    expect(stands(bench)).toMatchObject({ state: 'ample' });
    grants(bench, 0);
    expect(stands(bench)).toMatchObject({ state: 'spent' });
  });

  it('of what one response takes is one, and of less is none', () => {
    const bench = shared();
    grants(bench, CENT);
    expect(bench.session.is.lease).toBe('asked');
    const poor = shared();
    grants(poor, CENT - 1);
    expect(poor.session.is.lease).toBe('refused');
  });

  it('is not waited for longer than ten seconds, nor asked for again sooner than five after', () => {
    const bench = shared();
    bench.forget();
    bench.waits(9_999);
    expect(bench.faults).toEqual([]);
    bench.waits(1);
    expect(bench.notices).toContainEqual(
      expect.objectContaining({ kind: 'fault', whose: 'user', message: 'The store of the budget has not answered.' }),
    );
    bench.waits(4_999);
    expect(leases(bench)).toBe(0);
    bench.waits(1);
    expect(leases(bench)).toBe(1);
  });

  it('is not asked for once the session is closing', () => {
    const bench = shared();
    grants(bench, 0);
    bench.closes();
    bench.forget();
    bench.waits(60_000);
    expect(leases(bench)).toBe(0);
  });

  it('that is refused before the session is confirmed ends nothing yet', () => {
    const bench = unconfirmed({ budget: { ...budget, limit: null, shared: 'yes', atLimit: 'hang-up' } });
    bench.step({ type: 'rules', rules: bench.session.rules });
    grants(bench, 0);
    expect(stands(bench)).toMatchObject({ state: 'ample' });
    bench.asksToConfigure({});
    bench.reads(sessionUpdated({}));
    expect(stands(bench)).toMatchObject({ state: 'spent' });
    expect(bench.faults.at(-1)).toContain('nothing more is asked for');
  });

  it('is given back once, at the very end', () => {
    const bench = shared();
    grants(bench, 4 * CENT);
    bench.loses();
    bench.loses();
    expect(bench.commands.filter((each) => each.do === 'settle-lease')).toHaveLength(1);
    const alone = withBudget();
    alone.loses();
    expect(alone.commands).toEqual([]);
  });

  it('that comes after the end is given back by itself, and is no money of the session', () => {
    const bench = shared();
    bench.loses();
    bench.forget();
    grants(bench, 4 * CENT);
    expect(bench.commands).toEqual([{ do: 'settle-lease', leasedNanoUsd: 4 * CENT, spentNanoUsd: 0 }]);
    expect(stands(bench)).toMatchObject({ leasedNanoUsd: 0 });
  });
});

describe('a response that is lost with its line', () => {
  const lasting = (changed: Partial<typeof budget> = {}): Bench => withBudget(changed, { reconnect: policy });
  const lostIn = (bench: Bench): unknown => ledgerOf(bench.session).lost;

  it('takes what was reserved for it as spent, and the ledger shows that as an estimate', () => {
    const bench = lasting();
    says(bench, 'resp_1', 2);
    bench.speaks('reply', 'resp_2');
    bench.asks('summary', { params: { conversation: 'none' } });
    bench.loses();
    expect(lostIn(bench)).toEqual({ count: 2, nanoUsd: 4 * CENT });
    expect(stands(bench)).toMatchObject({ spentNanoUsd: 6 * CENT, lostNanoUsd: 4 * CENT, reservedNanoUsd: 0 });
    expect(ledgerOf(bench.session).total.nanoUsd).toBe(2 * CENT);
  });

  it('is counted once, however long the session is away', () => {
    const bench = lasting();
    bench.speaks('reply', 'resp_1');
    bench.loses();
    bench.closes();
    expect(lostIn(bench)).toEqual({ count: 1, nanoUsd: CENT });
  });

  it('may leave too little for another, and the operator is told', () => {
    const bench = lasting({ limit: 4 * CENT });
    says(bench, 'resp_1', 1);
    bench.speaks('reply', 'resp_2');
    expect(stands(bench)?.state).toBe('ample');
    bench.asks('summary', { params: { conversation: 'none' } });
    bench.loses();
    expect([stands(bench)?.state, bench.faults.join()]).toEqual([
      'spent',
      expect.stringContaining('$0.0300 of $0.0400'),
    ]);
    expect(bench.asks('reply').verdict).toBe('refuse: over-budget');
  });

  it('is given back to no shared budget', () => {
    const bench = withBudget({ limit: null, shared: 'yes' });
    bench.step({ type: 'leased', nanoUsd: 4 * CENT, threw: null });
    bench.speaks('reply', 'resp_1');
    bench.loses();
    expect(bench.commands.at(-1)).toEqual({ do: 'settle-lease', leasedNanoUsd: 4 * CENT, spentNanoUsd: CENT });
  });
});
