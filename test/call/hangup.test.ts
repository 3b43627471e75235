import { describe, expect, test, vi } from 'vitest';
import { MisuseError } from '../../src/index.js';
import type { HangUpOptions, SessionPlan } from '../../types/index.js';
import type { SimulatorOptions } from '../../src/simulator/simulator.js';
import { byHand, call, does, promised, toldToAll } from './call.js';

const farewell = { instructions: 'Say goodbye.' };
const both = ['resume', 'hang-up'] as const;

/** A call whose carrier's leg is ended by a function that tells when it was. */
async function onThePhone(plan: SessionPlan = {}, options: SimulatorOptions = {}) {
  const hungUpAt: number[] = [];
  const hangUp = plan.hangUp ?? (() => Promise.resolve(void hungUpAt.push(made.clock.now())));
  const made = await call({ purposes: ['greeting', 'other'], ...plan, hangUp }, options);
  made.server.says('Goodbye.', { ms: 2_000 });
  return { ...made, hungUpAt };
}

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

describe('hangup() that lets itself be resumed', () => {
  const options: HangUpOptions = { farewell, onBargeIn: 'resume' };

  test('is resumed at once while the user speaks: nothing is refused, nothing said', async () => {
    const { session, server, pass, hungUpAt } = await onThePhone();
    server.caller.begins();
    await pass(10);
    expect(await session.hangup(options)).toEqual({ kind: 'resumed' });
    expect(session.state.shut).not.toContain('hangup-pending');
    expect(hungUpAt).toEqual([]);
  });

  test('is resumed at once while the server is about to answer', async () => {
    const { session, server, pass } = await onThePhone({}, { latency: { automatic: 300 } });
    server.caller.speaks('Hm', { ms: 300 });
    await pass(400);
    expect(session.state.shut).toContain('response-imminent');
    expect(await session.hangup(options)).toEqual({ kind: 'resumed' });
  });

  test('withdraws a farewell that is held, once the user speaks, and the call goes on', async () => {
    const { session, server, watch, pass, hungUpAt } = await onThePhone();
    session.respond('greeting');
    await pass(600);
    const ended = session.hangup(options);
    server.caller.speaks('Wait!');
    expect(await ended).toEqual({ kind: 'resumed' });
    expect(watch.verdicts.at(-1)).toMatchObject({ purpose: 'farewell', verdict: 'refuse', by: 'withdrawn' });
    await pass(10_000);
    expect([watch.spoken, hungUpAt]).toEqual([['greeting'], []]);
    expect(session.respond('other').kind).toBe('admit');
  });

  test('cancels a farewell that is being said by its id, and says how much of it was heard', async () => {
    const { session, server, watch, pass } = await onThePhone();
    const ended = session.hangup(options);
    await pass(1_000);
    server.caller.speaks('Wait!');
    expect(await ended).toEqual({ kind: 'resumed' });
    expect(watch.sent('response.cancel').every(({ response_id }) => typeof response_id === 'string')).toBe(true);
    expect(watch.truncations).toHaveLength(1);
  });

  test('is resumed by speech that comes when the farewell is over and still being heard', async () => {
    const { session, server, watch, pass } = await onThePhone({}, { speed: 1_000 });
    const ended = session.hangup(options);
    await pass(1_000);
    expect(session.state.responses).toEqual([]);
    server.caller.speaks('Wait!');
    expect(await ended).toEqual({ kind: 'resumed' });
    expect(watch.truncations).toHaveLength(1);
  });

  test('is resumed by a turn of the session’s own voice detection, and what is heard is cut', async () => {
    const { session, watch, pass } = await onThePhone({ session: byHand });
    const ended = session.hangup(options);
    await pass(600);
    session.userTurn('begins');
    expect(await ended).toEqual({ kind: 'resumed' });
    expect(watch.sent('response.cancel')).toHaveLength(1);
    expect(watch.truncations).toHaveLength(1);
  });

  test('may be called again after that, and is another hang-up', async () => {
    const { session, server, pass, hungUpAt } = await onThePhone();
    const first = session.hangup(options);
    await pass(1_000);
    server.caller.speaks('Wait!', { ms: 300 });
    expect(await first).toEqual({ kind: 'resumed' });
    await pass(8_000);
    server.says('Goodbye.');
    expect(await session.hangup(options)).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(hungUpAt).toHaveLength(1);
  });

  test('leaves no timer behind once it has been resumed', async () => {
    const { session, server, clock, pass } = await onThePhone();
    const ended = session.hangup({ ...options, deadlineMs: 1e8 });
    await pass(1_000);
    server.caller.speaks('Wait!', { ms: 300 });
    await ended;
    await pass(60_000);
    expect(clock.pending).toBe(0);
  });
});

describe('hangup() that does not', () => {
  const options: HangUpOptions = { farewell, onBargeIn: 'hang-up' };

  test('has create_response and interrupt_response confirmed false before the farewell is sent', async () => {
    const { session, watch, server } = await onThePhone();
    await session.hangup(options);
    expect(
      watch
        .sent()
        .slice(1)
        .map(({ type }) => type),
    ).toEqual(['session.update', 'response.create']);
    const quiet = { create_response: false, interrupt_response: false };
    expect(watch.sent('session.update')[1]).toMatchObject({ session: { audio: { input: { turn_detection: quiet } } } });
    const types = server.passages.map(({ text }) => (JSON.parse(text) as { type: string }).type);
    expect(types.lastIndexOf('session.updated')).toBeLessThan(types.indexOf('response.create'));
  });

  test('says the farewell that was given, whatever becomes of the options while the server is asked', async () => {
    const { session, watch } = await onThePhone();
    const given: { farewell: Record<string, unknown>; onBargeIn: 'hang-up' } = { farewell, onBargeIn: 'hang-up' };
    const ended = session.hangup(given);
    given.farewell = {};
    given.farewell['metadata'] = given.farewell;
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(watch.spoken).toEqual(['farewell']);
  });

  test('asks nothing of a server that detects no turns', async () => {
    const { session, watch } = await onThePhone({ session: byHand });
    await session.hangup(options);
    expect(watch.sent('session.update')).toHaveLength(1);
  });

  test('waits until the user has stopped, speaks the farewell, and is not answered', async () => {
    const { session, server, watch, pass, hungUpAt } = await onThePhone();
    server.caller.begins();
    await pass(100);
    const ended = session.hangup(options);
    await pass(1_000);
    expect(watch.spoken).toEqual([]);
    server.caller.ends('Well then.');
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(watch.spoken).toEqual(['farewell']);
    expect(hungUpAt).toHaveLength(1);
  });

  test('is not cut by the user who speaks over the farewell', async () => {
    const { session, server, watch, pass } = await onThePhone();
    const ended = session.hangup(options);
    await pass(1_000);
    server.caller.speaks('But wait!');
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect([watch.truncations, watch.sent('response.cancel')]).toEqual([[], []]);
  });

  test('goes on where the server refuses to be quiet, and the operator is told', async () => {
    const { session, server, watch } = await onThePhone();
    const ended = session.hangup(options);
    const error = { type: 'invalid_request_error', code: 'invalid_value', message: 'No.', param: null, event_id: null };
    server.injects({ type: 'error', error });
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(watch.faults).toMatchObject([{ name: 'ConfigureError' }]);
  });

  test('sends no create where its deadline has passed before the server confirmed', async () => {
    const { session, server, watch, hungUpAt } = await onThePhone();
    const { latency } = server.server.options;
    Object.assign(latency, { update: 1e9 });
    expect(await session.hangup({ ...options, deadlineMs: 3_000 })).toEqual({ kind: 'hung-up', farewell: 'failed' });
    expect(watch.spoken).toEqual([]);
    expect(hungUpAt).toHaveLength(1);
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

describe('the plan’s hangUp', () => {
  test('that throws is a fault, and the call ends all the same', async () => {
    const hangUp = () => Promise.reject(new Error('carrier away'));
    const { session, watch } = await onThePhone({ hangUp });
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none' });
    expect(watch.complaints).toEqual(['carrier away']);
  });

  test('that throws at once does not reject hangup() either', async () => {
    const hangUp = () => {
      throw new Error('carrier away');
    };
    const { session } = await onThePhone({ hangUp });
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  test('that never resolves is waited for until the deadline', async () => {
    const { session, clock } = await onThePhone({ hangUp: () => promised().promise });
    const from = clock.now();
    expect(await session.hangup({ deadlineMs: 2_000 })).toEqual({ kind: 'hung-up', farewell: 'none' });
    expect(clock.now() - from).toBeGreaterThanOrEqual(2_000);
  });

  test('that never resolves is waited for no longer where the socket has died under it', async () => {
    const made = await onThePhone({ hangUp: () => promised().promise });
    const ended = made.session.hangup({ deadlineMs: 2_000 });
    made.server.drop();
    // The session has ended, and its clock with it, but for the deadline.
    await toldToAll();
    made.clock.runUntilIdle(2_000);
    expect(await ended).toEqual({ kind: 'hung-up', farewell: 'none' });
  });

  test('whose effect reaches us first, as a closed socket, is a hang-up and no loss', async () => {
    const hangUp = () => Promise.resolve(made.server.hangUp());
    const made = await onThePhone({ hangUp });
    expect(await made.session.hangup({ farewell })).toEqual({ kind: 'hung-up', farewell: 'heard' });
  });

  test('is called after the last frame has left: nothing follows it', async () => {
    let after = -1;
    const hangUp = () => Promise.resolve(void (after = made.watch.sent().length));
    const made = await onThePhone({ hangUp });
    await made.session.hangup({ farewell });
    await toldToAll();
    expect(made.watch.sent()).toHaveLength(after);
  });
});

describe('hangup() on a call that the server plays', () => {
  test('waits for output_audio_buffer.stopped', async () => {
    const { session, server, hungUpAt } = await onThePhone({}, { media: 'webrtc' });
    expect(await session.hangup({ farewell })).toEqual({ kind: 'hung-up', farewell: 'heard' });
    const stopped = server.passages.find(({ text }) => text.includes('output_audio_buffer.stopped'));
    const doneAt = server.passages.find(({ text }) => text.includes('"response.done"'))?.at ?? 0;
    expect(hungUpAt).toEqual([stopped?.at]);
    expect(stopped?.at).toBeGreaterThan(doneAt + 1_000);
  });

  test('is the same on a sideband', async () => {
    const { session, hungUpAt } = await onThePhone({}, { media: 'webrtc', greeting: { callId: 'rtc_1' } });
    expect(await session.hangup({ farewell, onBargeIn: 'hang-up' })).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(hungUpAt).toHaveLength(1);
  });

  test('is resumed when the user speaks over it, and the server clears what it plays', async () => {
    const { session, server, pass } = await onThePhone({}, { media: 'webrtc' });
    const ended = session.hangup({ farewell });
    await pass(1_000);
    server.caller.speaks('Wait!');
    expect(await ended).toEqual({ kind: 'resumed' });
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
