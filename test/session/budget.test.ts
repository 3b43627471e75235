import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sharedBudget } from '../../src/session/shared-budget.js';
import { publishedPrices } from '../../src/index.js';
import type { Budget, BudgetStore, ConfirmedSession, SessionPlan } from '../../types/index.js';
import { faultsOf, isSettled, rejection, ServerByHand, settles } from './by-hand.js';

/** Ends the response in text, at this many cents: 2,500 text tokens of input to gpt-realtime-2.1 cost one. */
function costs(server: ServerByHand, id: string, cents: number): void {
  const output = [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Yes.' }] }];
  const usage = { input_tokens: cents * 2_500 };
  const response = { id, status: 'completed', output, output_modalities: ['text'], conversation_id: 'conv_1', usage };
  server.says({ type: 'response.done', response });
}
const small: Budget = { limit: 0.1, reserve: 0.01, perResponse: 0.01, atLimit: 'tell' };
const opened = async (budget: Budget, plan: SessionPlan = {}) => {
  const server = new ServerByHand();
  return { server, session: await server.opened({ budget, ...plan }) };
};
function says(server: ServerByHand, session: ConfirmedSession<string>, id: string, cents: number): void {
  session.respond('reply');
  server.creates(id);
  costs(server, id, cents);
}

describe('a budget', () => {
  it('refuses what does not fit, and says what to do', async () => {
    const { server, session } = await opened(small);
    says(server, session, 'resp_1', 9);
    expect(session.respond('reply')).toMatchObject({ kind: 'refuse', by: 'over-budget' });
    expect(session.state).toMatchObject({
      shut: ['over-budget'],
      budget: { state: 'spent', spentNanoUsd: 90_000_000 },
    });
  });

  it('opens again when its limit is raised', async () => {
    const { server, session } = await opened(small);
    says(server, session, 'resp_1', 9);
    session.setBudget({ limit: 1, warnAt: 0.5 });
    expect(session.respond('reply').kind).toBe('admit');
  });

  it.each<[string, object]>([
    ['negative', { limit: -1 }],
    ['zero', { limit: 0 }],
    ['not a number', { limit: Number.NaN }],
    ['infinite', { limit: Infinity }],
    ['text', { limit: '5' }],
    ['a warning above the limit', { limit: 1, warnAt: 2 }],
    ['a reserve that leaves nothing', { limit: 1, reserve: 1 }],
    ['nothing at all', {}],
    ['an unknown option', { limit: 1, limits: 2 }],
    ['an unknown end', { limit: 1, atLimit: 'explode' }],
    ['a store that is none', { store: {} }],
    ['less than one response', { limit: 0.001 }],
  ])('of a wrong kind is refused before anything is sent: %s', async (_, budget) => {
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const error = await rejection(unconfirmed.configure({ budget: budget }));
    expect(error.name).toBe('MisuseError');
    expect(server.types()).toEqual([]);
  });

  it('needs a price for the model, and says where to put it', async () => {
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const error = await rejection(unconfirmed.configure({ budget: small, prices: { models: {}, transcription: {} } }));
    expect(error.message).toBe(
      "A budget needs a price for the model 'gpt-realtime-2.1': put it into the plan, as prices.",
    );
  });

  it('needs a price for the model that transcribes, also for one that an update brings', async () => {
    const transcription = { audio: { input: { transcription: { model: 'ears-9' as 'whisper-1' } } } };
    const unconfirmed = await new ServerByHand().connected();
    expect(await rejection(unconfirmed.configure({ budget: small, session: transcription }))).toMatchObject({
      message: expect.stringContaining("the transcription model 'ears-9'"),
    });
    const { server, session } = await opened(small);
    expect(await rejection(session.update({ session: transcription }))).toMatchObject({ name: 'MisuseError' });
    expect(server.types()).toEqual([]);
  });

  it('on a sideband uses the model that the server names, and closes if that has no price', async () => {
    const server = new ServerByHand({ kind: 'sideband' });
    const unconfirmed = await server.connected();
    const configuring = unconfirmed.configure({ budget: small });
    server.confirms({ model: 'gpt-realtime-9' });
    expect(await rejection(configuring)).toMatchObject({ message: expect.stringContaining("'gpt-realtime-9'") });
    expect(server.isGone).toBe(true);
  });

  it('takes prices of your own', async () => {
    const own = {
      ...publishedPrices,
      models: { 'gpt-realtime-2.1': { ...publishedPrices.models['gpt-realtime-2.1']! } },
    };
    const { server, session } = await opened(small, {
      prices: {
        ...own,
        models: {
          'gpt-realtime-2.1': { ...own.models['gpt-realtime-2.1'], text: { input: 8, cached: 8, output: 8 } },
        },
      },
    });
    says(server, session, 'resp_1', 1);
    expect(session.ledger.total.nanoUsd).toBe(20_000_000);
  });

  it.each([
    ['a price that is negative', { models: { m: { text: { input: -1, cached: 0, output: 0 } } }, transcription: {} }],
    [
      'a model without a price for audio',
      { models: { m: { text: { input: 1, cached: 0, output: 0 } } }, transcription: {} },
    ],
    ['no models', { transcription: {} }],
    ['a minute that costs text', { models: {}, transcription: { m: { perMinute: 'much' } } }],
    ['an unknown key', { models: {}, transcription: {}, image: {} }],
  ])('does not take for prices what are none: %s', async (_, given) => {
    const unconfirmed = await new ServerByHand().connected();
    const error = await rejection(unconfirmed.configure({ prices: given as never }));
    expect(error.name).toBe('MisuseError');
  });

  it('cannot be changed where there is none, nor to what is none', async () => {
    const session = await new ServerByHand().opened();
    expect(() => session.setBudget({ limit: 1 })).toThrow('The plan has no budget');
    const { session: other } = await opened(small);
    expect(() => other.setBudget({ limit: -1 })).toThrow('positive number of US dollars');
    expect(other.state.budget).toMatchObject({ limitNanoUsd: 100_000_000 });
  });

  it('that is spent ends the call: the farewell is said, the carrier told why', async () => {
    const told: string[] = [];
    const hangUp = (why: string): Promise<void> => Promise.resolve(void told.push(why));
    const { server, session } = await opened({ ...small, reserve: 0.05, atLimit: 'hang-up' }, { hangUp });
    const faults = faultsOf(session);
    says(server, session, 'resp_1', 5);
    server.confirms();
    expect(server.last('response.create')?.['response'].metadata.gated_purpose).toBe('farewell');
    server.creates('resp_2');
    server.completes('resp_2');
    await settles();
    expect(faults[0]).toBe('The session has spent $0.0500 of $0.1000: nothing more is asked for.');
    await settles();
    expect(told).toEqual(['budget']);
  });
});

/** The same with a shared budget, whose store is asked before the server. */
async function drawing(budget: Budget) {
  const server = new ServerByHand();
  const configuring = (await server.connected()).configure({ budget });
  await settles();
  server.confirms();
  const session = await configuring;
  server.clock.advance(0);
  return { server, session };
}

describe('a shared budget', () => {
  it('is drawn from by every session, and what was not used comes back at the end', async () => {
    const store = sharedBudget({ limit: 0.2 });
    const budget: Budget = { ...small, limit: undefined, store };
    const { server, session } = await drawing(budget);
    const { session: other } = await drawing(budget);
    expect(store.leftNanoUsd).toBe(200_000_000 - 2 * 40_000_000);
    says(server, session, 'resp_1', 1);
    await Promise.all([session.close(), other.close()]);
    await settles();
    expect(store.leftNanoUsd).toBe(190_000_000);
  });

  it('that is empty refuses every request', async () => {
    const store = sharedBudget({ limit: 0.05 });
    await drawing({ ...small, limit: undefined, store });
    const { session } = await drawing({ ...small, limit: undefined, store });
    expect(session.respond('reply')).toMatchObject({ kind: 'refuse', by: 'over-budget' });
  });

  it('has given its first money before the session is there: respond() waits for nothing', async () => {
    let give: (nanoUsd: number) => void = () => undefined;
    const store: BudgetStore = {
      lease: () => new Promise((resolve) => (give = resolve)),
      settle: () => undefined,
    };
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const configuring = unconfirmed.configure({ budget: { store, perResponse: 0.01, reserve: 0.01 } });
    await settles();
    expect(server.types()).toEqual([]);
    give(40_000_000);
    await settles();
    server.confirms();
    const session = await configuring;
    expect(session.respond('greeting').kind).toBe('admit');
  });

  it('whose store does not answer keeps nobody waiting for longer than the server may take', async () => {
    const store: BudgetStore = { lease: () => new Promise(() => undefined), settle: () => undefined };
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const configuring = unconfirmed.configure({ budget: { ...small, store } }, { timeoutMs: 2_000 });
    await settles();
    server.clock.advance(2_000);
    await settles();
    server.confirms();
    expect((await configuring).respond('greeting')).toMatchObject({ by: 'over-budget' });
  });

  it('may be given up while it is waited for', async () => {
    const store: BudgetStore = { lease: () => new Promise(() => undefined), settle: () => undefined };
    const abort = new AbortController();
    const unconfirmed = await new ServerByHand().connected();
    const configuring = unconfirmed.configure({ budget: { ...small, store } }, { signal: abort.signal });
    expect(await isSettled(configuring)).toBe(false);
    abort.abort();
    expect(await rejection(configuring)).toMatchObject({ name: 'ConfigureError', failure: { kind: 'aborted' } });
  });

  it.each([
    ['throws', () => Promise.reject(new Error('it is down'))],
    ['gives what is no number', () => 'plenty'],
    ['gives less than nothing', () => -5],
  ])('whose store %s is a fault, and gives nothing', async (_, lease) => {
    const faults: string[] = [];
    const server = new ServerByHand();
    const unconfirmed = await server.connected();
    const watched = unconfirmed.configure({
      budget: { ...small, store: { lease: lease as never, settle: () => undefined } },
    });
    await settles();
    server.confirms();
    const session = await watched;
    session.on('fault', ({ message }) => faults.push(message));
    expect(session.respond('greeting')).toMatchObject({ by: 'over-budget' });
    server.clock.advance(5_000);
    await settles();
    expect(faults[0]).toMatch(/^The store of the budget failed: (it is down|lease\(\) gives a number)/);
  });

  it('gives no more than there is, and counts what was spent beyond what was set aside', () => {
    const store = sharedBudget({ limit: 1 });
    expect(store.lease({ holder: 'a', nanoUsd: 600_000_000 })).toBe(600_000_000);
    expect(store.lease({ holder: 'b', nanoUsd: 600_000_000 })).toBe(400_000_000);
    void store.settle({ holder: 'a', leasedNanoUsd: 600_000_000, spentNanoUsd: 700_000_000 });
    expect(store.leftNanoUsd).toBe(-100_000_000);
    void store.settle({ holder: 'b', leasedNanoUsd: 400_000_000, spentNanoUsd: 100_000_000 });
    expect(store.leftNanoUsd).toBe(200_000_000);
  });

  it('of a day starts again at midnight UTC, and does not get back what was set aside the day before', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 26, 23, 59, 59) });
    onTestFinished(() => void vi.useRealTimers());
    const [daily, once] = [sharedBudget({ limit: 1, each: 'day' }), sharedBudget({ limit: 1 })];
    for (const store of [daily, once]) void store.lease({ holder: 'a', nanoUsd: 600_000_000 });
    vi.setSystemTime(Date.UTC(2026, 10, 27));
    expect([daily.leftNanoUsd, once.leftNanoUsd]).toEqual([1_000_000_000, 400_000_000]);
    void daily.lease({ holder: 'a', nanoUsd: 300_000_000 });
    void daily.settle({ holder: 'a', leasedNanoUsd: 900_000_000, spentNanoUsd: 100_000_000 });
    expect(daily.leftNanoUsd).toBe(1_000_000_000);
  });

  it('gets back what a session was still being given as it ended', async () => {
    const budget = sharedBudget({ limit: 1 });
    const answers: (() => void)[] = [];
    const store: BudgetStore = {
      lease: (asked) => {
        const granted = budget.lease(asked);
        return new Promise((resolve) => void answers.push(() => resolve(granted)));
      },
      settle: (used) => budget.settle(used),
    };
    const server = new ServerByHand();
    const configuring = (await server.connected()).configure({ budget: { ...small, limit: undefined, store } });
    await settles();
    answers[0]?.();
    await settles();
    server.confirms();
    const session = await configuring;
    server.clock.advance(0);
    says(server, session, 'resp_1', 3);
    await settles();
    await session.close();
    await settles();
    expect(answers).toHaveLength(2);
    answers[1]?.();
    await settles();
    expect(budget.leftNanoUsd).toBe(1_000_000_000 - 30_000_000);
  });

  it.each([0, -1, Number.NaN, Infinity])('has a limit that is an amount, and not %d', (limit) => {
    expect(() => sharedBudget({ limit })).toThrow('positive number of US dollars');
  });
});
