import { describe, expect, test } from 'vitest';
import { byHand, call } from './call.js';
import { speaking } from './speaking.js';

const formats = [
  { format: { type: 'audio/pcm', rate: 24_000 }, bytesPerMs: 48 },
  { format: { type: 'audio/pcmu' }, bytesPerMs: 8 },
  { format: { type: 'audio/pcma' }, bytesPerMs: 8 },
] as const;

describe.each(formats)('barge-in on a WebSocket, $format.type', ({ format, bytesPerMs }) => {
  const plan = { session: { audio: { output: { format } } } } as const;

  test('truncates the item at what was heard, by the bytes and the clock', async () => {
    const { hear, server, watch, pass, audio, errors } = await speaking(plan);
    await hear(1_500);
    expect(audio.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(4_000 * bytesPerMs);
    server.caller.begins();
    await pass(100);
    expect(watch.truncations).toEqual([1_500]);
    expect(errors()).toEqual([]);
  });

  test('never says that more was heard than was produced', async () => {
    const { hear, server, watch, pass, audio, errors } = await speaking(plan, { speed: 1 });
    await hear(600);
    server.caller.begins();
    await pass(100);
    const produced = audio.reduce((sum, { bytes }) => sum + bytes.length, 0) / bytesPerMs;
    for (const heard of watch.truncations) expect(heard).toBeLessThanOrEqual(produced);
    expect(errors()).toEqual([]);
  });

  test('says nothing of an item that was heard to its end', async () => {
    const { hear, server, watch, pass } = await speaking(plan);
    await hear(4_001);
    server.caller.begins();
    await pass(100);
    expect(watch.truncations).toEqual([]);
  });
});

describe('barge-in on a WebSocket', () => {
  test('truncates nothing at zero', async () => {
    const { server, watch, pass } = await speaking();
    server.caller.begins();
    await pass(0);
    expect(watch.truncations).toEqual([]);
  });

  test('truncates once, however often speech begins', async () => {
    const { hear, server, watch, pass } = await speaking(
      { session: { audio: { input: { turn_detection: { type: 'semantic_vad' } } } } },
      { faults: { semanticBurst: 4 } },
    );
    await hear(1_000);
    server.caller.speaks('No no no no');
    await pass(5_000);
    server.caller.begins();
    await pass(100);
    expect(watch.truncations).toEqual([1_000]);
  });

  test('tells the player to discard the rest, and what was heard', async () => {
    const { hear, server, watch, pass, itemId } = await speaking();
    await hear(1_000);
    server.caller.begins();
    await pass(10);
    expect(watch.cuts).toEqual([{ heard: [{ itemId, ms: 1_000 }] }]);
  });

  test('hands out no audio of an item that was cut, though stragglers come', async () => {
    const { hear, server, audio, pass } = await speaking({}, { faults: { stragglersAfterCancel: 3 }, speed: 2 });
    await hear(500);
    const before = audio.length;
    server.caller.begins();
    await pass(3_000);
    expect(audio).toHaveLength(before);
  });

  test('leaves what is being heard alone where the user may not interrupt', async () => {
    const turn_detection = { type: 'server_vad', interrupt_response: false } as const;
    const { hear, server, watch, pass } = await speaking({ session: { audio: { input: { turn_detection } } } });
    await hear(1_000);
    server.caller.speaks('Well');
    await pass(1_000);
    expect([watch.truncations, watch.cuts]).toEqual([[], []]);
  });

  test('cuts each of several items where it is: the first was heard, the second in part', async () => {
    const { session, server, watch, pass, clock } = await call();
    const items = [
      { says: 'One moment.', ms: 500 },
      { says: 'It is free on Monday.', ms: 2_000 },
    ];
    server.replies({ items });
    const since = new Promise<number>((resolve) => void session.on('audio', () => resolve(clock.now())));
    session.respond('greeting');
    await pass((await since) + 1_200 - clock.now());
    server.caller.begins();
    await pass(10);
    expect(watch.truncations).toEqual([700]);
  });
});

describe('interrupt()', () => {
  test('cancels what is being said by its id, and truncates it at what was heard', async () => {
    const { session, hear, watch, pass, errors } = await speaking({ session: byHand }, { speed: 2 });
    await hear(700);
    session.interrupt();
    await pass(500);
    const order = watch.sent().map(({ type }) => type);
    expect(order.slice(-2)).toEqual(['response.cancel', 'conversation.item.truncate']);
    expect(watch.sent('response.cancel')[0]?.['response_id']).toMatch(/^resp_/);
    expect(watch.truncations).toEqual([700]);
    expect(errors()).toEqual([]);
  });

  test('truncates what is over and still being heard, and cancels nothing', async () => {
    const { session, hear, watch, pass } = await speaking({ session: byHand });
    await hear(2_000);
    session.interrupt();
    await pass(100);
    expect([watch.sent('response.cancel'), watch.truncations]).toEqual([[], [2_000]]);
  });

  test('twice truncates once', async () => {
    const { session, hear, watch } = await speaking({ session: byHand });
    await hear(2_000);
    session.interrupt();
    session.interrupt();
    expect(watch.truncations).toEqual([2_000]);
  });

  test('leaves held requests held', async () => {
    const { session, hear, watch, pass } = await speaking({ session: byHand }, { speed: 1 });
    session.respond('next', { response: { instructions: 'Go on.' } });
    await hear(700);
    session.interrupt();
    await pass(2_000);
    expect(watch.spoken).toEqual(['greeting', 'next']);
  });

  test('on a call that the server plays cancels, then clears; the server truncates by itself', async () => {
    const { session, server, watch, pass } = await call({ session: byHand }, { media: 'webrtc', speed: 2 });
    server.says('A long story.', { ms: 4_000 });
    session.respond('greeting');
    await pass(1_000);
    session.interrupt();
    await pass(500);
    const order = watch.sent().map(({ type }) => type);
    expect(order.slice(-2)).toEqual(['response.cancel', 'output_audio_buffer.clear']);
    expect(server.sent.some(({ type }) => type === 'output_audio_buffer.cleared')).toBe(true);
    expect(watch.truncations).toEqual([]);
  });

  test('on such a call clears nothing where nothing is being played', async () => {
    const { session, watch } = await call({ session: byHand }, { media: 'webrtc' });
    session.interrupt();
    expect(watch.sent().map(({ type }) => type)).toEqual(['session.update']);
  });
});

describe('the guard playback', () => {
  test('is not there unless the plan asks for it', async () => {
    const { session } = await speaking();
    expect(session.state.shut).not.toContain('playback');
  });

  test.each(['websocket', 'webrtc'] as const)('holds until the last answer has been heard, on %s', async (media) => {
    const { session, server, watch, pass, clock } = await call({ playback: { waits: true } }, { media });
    server.says('A long story.', { ms: 4_000 });
    session.respond('greeting');
    await pass(1_500);
    expect(session.state.shut).toEqual(['playback']);
    const before = clock.now();
    const verdict = session.respond('next', { response: { instructions: 'Go on.' } });
    expect(verdict).toMatchObject({ kind: 'hold', by: ['playback'] });
    await verdict.done;
    expect(watch.spoken).toEqual(['greeting', 'next']);
    expect(clock.now() - before).toBeGreaterThan(2_500);
  });

  test('opens when the user barges in', async () => {
    const { session, hear, server, pass } = await speaking({ playback: { waits: true } });
    await hear(1_000);
    server.caller.begins();
    await pass(10);
    expect(session.state.shut).toEqual(['user-speaking']);
  });

  test('may be overridden by name', async () => {
    const { session, hear } = await speaking({ playback: { waits: true } });
    await hear(2_000);
    expect(session.respond('next', { override: ['playback'] }).kind).toBe('admit');
  });

  test('opens by the carrier’s marks', async () => {
    const { session, hear, itemId } = await speaking({ playback: { waits: true } });
    await hear(2_000);
    session.heard({ itemId, ms: 100 });
    await hear(8_000);
    expect(session.state.shut).toEqual(['playback']);
    session.heard({ itemId, ms: 4_000 });
    expect(session.state.shut).toEqual([]);
  });
});
