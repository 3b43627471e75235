import { describe, expect, test, vi } from 'vitest';
import { MisuseError } from '../../src/index.js';
import type { HangUpOptions } from '../../types/index.js';
import { byHand, call, does, toldToAll } from './call.js';
import { onThePhone } from './on-the-phone.js';

const farewell = { instructions: 'Say goodbye.' };
const both = ['resume', 'hang-up'] as const;

describe.each(both)('hangup() with a farewell, onBargeIn %s,', (onBargeIn) => {
  const options: HangUpOptions = { farewell, onBargeIn };

  test('while nobody speaks: the farewell is heard to its end, then the carrier is hung up, then all is closed', async () => {
    const { session, server, watch, hungUpAt, clock } = await onThePhone();
    const ended = session.hangup(options);
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'heard' });
    const firstAudio = server.passages.find(({ text }) => text.includes('response.output_audio.delta'))?.at ?? NaN;
    expect(hungUpAt).toEqual([firstAudio + 2_000]);
    expect(clock.now()).toBeGreaterThanOrEqual(firstAudio + 2_000);
    expect(watch.spoken).toEqual(['farewell']);
  });

  test('refuses what waits, at once, and what is asked for from then on', async () => {
    const { session, server, watch } = await onThePhone({ session: byHand });
    session.userTurn('begins');
    const held = session.respond('greeting');
    session.userTurn('ends');
    const other = session.respond('other');
    expect([held.kind, other.kind]).toEqual(['hold', 'hold']);
    const ended = session.hangup(options);
    expect(watch.verdicts).toMatchObject([{ verdict: 'admit' }, { by: 'hangup-pending' }]);
    expect(session.respond('other')).toMatchObject({ kind: 'refuse', by: 'hangup-pending' });
    server.says('Goodbye.');
    await ended;
    expect(watch.spoken).toEqual(['greeting', 'farewell']);
  });

  test('while a response is active: the farewell waits for the slot, and is heard after what was being said', async () => {
    const { session, watch, pass, server } = await onThePhone();
    server.says('Bye.', { ms: 1_000 });
    session.respond('greeting');
    await pass(500);
    const ended = session.hangup(options);
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(watch.verdicts.at(-1)).toMatchObject({ purpose: 'farewell', heldBy: ['response-active'], verdict: 'admit' });
  });

  test('while an update is in flight: the farewell waits for its confirmation', async () => {
    const { session, watch } = await onThePhone({}, { latency: { update: 1_000 } });
    void session.update({ session: { instructions: 'Be brief.' } });
    expect(await session.hangup(options)).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(watch.spoken).toEqual(['farewell']);
  });

  test('whose farewell fails still ends the call', async () => {
    const { session, server, hungUpAt } = await onThePhone();
    server.misbehaves({ failCode: 'server_error' });
    expect(await session.hangup(options)).toEqual({ kind: 'hung-up', farewell: 'failed' });
    expect(hungUpAt).toHaveLength(1);
  });

  test('whose farewell is cut off by the server still ends the call', async () => {
    const { session, watch, hungUpAt } = await onThePhone();
    session.on('response', ({ purpose, cancel }) => purpose === 'farewell' && cancel());
    expect(await session.hangup(options)).toEqual({ kind: 'hung-up', farewell: 'cut' });
    expect(hungUpAt).toHaveLength(1);
    expect(watch.spoken).toEqual(['farewell']);
  });

  test('whose farewell comes out incomplete is heard as far as it goes, and ends the call', async () => {
    const { session, server, hungUpAt, watch } = await onThePhone();
    await session.respond('greeting').done;
    server.replies({ items: [{ says: 'Goodb', ms: 500 }], status: 'incomplete', reason: 'max_output_tokens' });
    expect(await session.hangup(options)).toEqual({ kind: 'hung-up', farewell: 'cut' });
    expect(hungUpAt).toHaveLength(1);
    expect(watch.spoken).toEqual(['greeting', 'farewell']);
  });

  test('whose farewell completes without a word says that nothing was heard', async () => {
    const hangUp = vi.fn(() => Promise.resolve());
    const { session, server } = await call({ hangUp });
    server.calls('no_such_tool');
    expect(await session.hangup(options)).toEqual({ kind: 'hung-up', farewell: 'failed' });
    expect(hangUp).toHaveBeenCalledOnce();
  });

  test('whose farewell is never created ends by its deadline', async () => {
    const { session, clock, hungUpAt } = await onThePhone({}, { latency: { create: 1e9 } });
    const from = clock.now();
    expect(await session.hangup({ ...options, deadlineMs: 5_000 })).toEqual({ kind: 'hung-up', farewell: 'failed' });
    expect(hungUpAt).toEqual([from + 5_000]);
  });

  test('whose farewell never ends is cut at its deadline', async () => {
    const { session, clock, hungUpAt } = await onThePhone({}, { latency: { done: 1e9 } });
    const from = clock.now();
    expect(await session.hangup({ ...options, deadlineMs: 6_000 })).toEqual({ kind: 'hung-up', farewell: 'cut' });
    expect(hungUpAt).toEqual([from + 6_000]);
  });

  test('is bounded by 30 seconds where no deadline is given', async () => {
    const { session, clock, hungUpAt } = await onThePhone({}, { latency: { done: 1e9 } });
    const from = clock.now();
    await session.hangup(options);
    expect(hungUpAt).toEqual([from + 30_000]);
  });

  test('whose socket dies under the farewell still ends the carrier’s leg, and says that it was lost', async () => {
    const { session, server, pass, hungUpAt } = await onThePhone();
    const ended = session.hangup(options);
    await pass(600);
    server.drop();
    expect(await ended).toMatchObject({ kind: 'lost' });
    expect(hungUpAt).toHaveLength(1);
  });

  test('called twice is one hang-up: one farewell, one outcome, and the carrier is hung up once', async () => {
    const { session, watch, hungUpAt } = await onThePhone();
    const [first, second] = [session.hangup(options), session.hangup({ farewell: { instructions: 'Again.' } })];
    expect(await second).toEqual(await first);
    expect(await session.hangup()).toEqual(await first);
    expect(hungUpAt).toHaveLength(1);
    expect(watch.spoken).toEqual(['farewell']);
  });

  test('and close() during it: the call ends as closed, the carrier’s leg with it', async () => {
    const { session, pass, hungUpAt } = await onThePhone();
    const ended = session.hangup(options);
    await pass(600);
    await session.close();
    expect(await ended).toEqual({ kind: 'closed' });
    await toldToAll();
    expect(hungUpAt).toHaveLength(1);
  });

  test('speaks though the loop guard is shut', async () => {
    const { session, watch } = await onThePhone({ limits: { responsesInARow: 1 } });
    await session.respond('greeting').done;
    expect(session.state.shut).toEqual(['loop']);
    expect(await session.hangup(options)).toMatchObject({ farewell: 'heard' });
    expect(watch.spoken).toEqual(['greeting', 'farewell']);
  });
});

describe('hangup() by whom it concerns, while it begins, is the same hang-up:', () => {
  const again = { farewell: { instructions: 'Goodbye, once more.' } };

  test('a listener that hears of a refusal', async () => {
    const { session, watch, hungUpAt } = await onThePhone({ session: byHand });
    session.respond('greeting');
    session.respond('other');
    const endings: unknown[] = [];
    session.on('verdict', ({ verdict }) => verdict === 'refuse' && endings.push(session.hangup(again)));
    const ended = session.hangup({ farewell });
    expect(endings).toEqual([ended]);
    await ended;
    expect(watch.spoken).toEqual(['greeting', 'farewell']);
    expect(hungUpAt).toHaveLength(1);
  });

  test('a tool that hears its signal', async () => {
    const waits = does('waits', (_, { signal, session: own }) => {
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(own.hangup(again).then(({ kind }) => kind)));
      });
    });
    const made = await call({ session: byHand, tools: [waits] });
    made.server.calls('waits');
    made.session.respond('greeting');
    await made.pass(1_000);
    expect(await made.session.hangup({ farewell })).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(made.watch.spoken).toEqual(['greeting', 'farewell']);
  });

  test('the carrier’s own code', async () => {
    const hangUp = vi.fn(() => Promise.resolve(void made.session.hangup()));
    const made = await onThePhone({ hangUp });
    expect(await made.session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none' });
    expect(hangUp).toHaveBeenCalledOnce();
  });
});

describe('hangup() without a farewell', () => {
  test('ends the call at once, whoever speaks', async () => {
    const { session, server, clock, pass, hungUpAt } = await onThePhone();
    server.caller.begins();
    await pass(10);
    const from = clock.now();
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none' });
    expect(hungUpAt).toEqual([from]);
  });

  test('after the socket was lost still ends the carrier’s leg', async () => {
    const { session, server, hungUpAt } = await onThePhone();
    server.drop();
    await session.closed;
    expect(await session.hangup()).toMatchObject({ kind: 'lost' });
    expect(hungUpAt).toHaveLength(1);
  });
});

describe('options of hangup() that cannot be', () => {
  test.each([
    { farewell: { instructions: 7n } as never },
    { farewell: 'Goodbye.' as never },
    { onBargeIn: 'ignore' as never },
    { deadlineMs: 0 },
    { deadlineMs: NaN },
  ])('are misuse, and the call goes on: %o', async (options: HangUpOptions) => {
    const { session, hungUpAt } = await onThePhone();
    expect(() => session.hangup(options)).toThrow(MisuseError);
    expect(session.respond('greeting').kind).toBe('admit');
    expect(hungUpAt).toEqual([]);
  });
});

test('hangup() from inside a guard is misuse', async () => {
  const tried = vi.fn();
  const { session } = await onThePhone({
    guards: {
      mine: (self) => {
        try {
          void self.hangup();
        } catch (error) {
          tried(error instanceof MisuseError);
        }
        return false;
      },
    },
  });
  session.respond('greeting');
  expect(tried).toHaveBeenCalledWith(true);
});
