import { describe, expect, test } from 'vitest';
import type { HangUpOptions } from '../../types/index.js';
import { byHand } from './call.js';
import { onThePhone } from './on-the-phone.js';

const farewell = { instructions: 'Say goodbye.' };

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
    await session.close();
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

  test('says the farewell that was given, even if the options are changed while the server is asked', async () => {
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

  test('sends no create where its deadline has passed before the server confirmed', async () => {
    const { session, server, watch, hungUpAt } = await onThePhone();
    const { latency } = server.server.options;
    Object.assign(latency, { update: 1e9 });
    expect(await session.hangup({ ...options, deadlineMs: 3_000 })).toEqual({ kind: 'hung-up', farewell: 'failed' });
    expect(watch.spoken).toEqual([]);
    expect(hungUpAt).toHaveLength(1);
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
