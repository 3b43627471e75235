/** `handle.heard`, and `audioMs` of the outcome. */
import { describe, expect, test } from 'vitest';
import { byHand, call, does } from './call.js';
import { speaking } from './speaking.js';
import type { ResponseHandle, ResponseOutcome, Verdict } from '../../types/index.js';

const handleOf = (verdict: Verdict): ResponseHandle => {
  if (verdict.kind !== 'admit') throw new Error(`It was not admitted but ${verdict.kind}.`);
  return verdict.response;
};
const audioMsOf = (outcome: ResponseOutcome): unknown => ('audioMs' in outcome ? outcome.audioMs : outcome.status);

describe('handle.heard', () => {
  test('is heard once the last of it has been heard, seconds after done', async () => {
    const { session, server, clock } = await call();
    server.says('A long story.', { ms: 4_000 });
    const handle = handleOf(session.respond('greeting'));
    await handle.done;
    const doneAt = clock.now();
    expect(await handle.heard).toBe('heard');
    expect(clock.now() - doneAt).toBeGreaterThan(2_000);
  });

  test('is heard by the carrier’s marks, once there are any, and not by the clock', async () => {
    const { session, server, clock, pass } = await call();
    server.says('Hello.', { ms: 1_000 });
    let itemId = '';
    session.on('audio', (audio) => (itemId = audio.itemId));
    const handle = handleOf(session.respond('greeting'));
    await handle.done;
    session.heard({ itemId, ms: 10 });
    await pass(5_000);
    const at = clock.now();
    session.heard({ itemId, ms: 1_000 });
    expect([await handle.heard, clock.now()]).toEqual(['heard', at]);
  });

  test('is cut where the user interrupts it', async () => {
    const { server, session, hear } = await speaking();
    const told: ResponseHandle[] = [];
    session.on('event', (_, response) => response && told.push(response));
    await hear(1_000);
    server.caller.begins();
    await hear(1_200);
    expect(await told[0]?.heard).toBe('cut');
  });

  test('is cut where it is interrupted by us after it was made', async () => {
    const { session, server, pass } = await call({ session: byHand });
    server.says('A long story.', { ms: 4_000 });
    const handle = handleOf(session.respond('greeting'));
    await handle.done;
    await pass(500);
    session.interrupt();
    expect(await handle.heard).toBe('cut');
  });

  test('is cut where the connection is lost while it is being heard', async () => {
    const { session, server, pass } = await call();
    server.says('A long story.', { ms: 4_000 });
    const handle = handleOf(session.respond('greeting'));
    await handle.done;
    await pass(500);
    server.drop();
    expect(await handle.heard).toBe('cut');
  });

  test('is none where the connection is lost before any of it was made', async () => {
    const { session, server } = await call();
    const handle = handleOf(session.respond('greeting'));
    server.drop();
    expect(await handle.heard).toBe('none');
  });

  test('is none for text, and for what calls a tool', async () => {
    const { session, server } = await call({ tools: [does('look_up', () => 'found', { reply: 'silent' })] });
    server.calls('look_up');
    expect(await handleOf(session.respond('greeting')).heard).toBe('none');
    const text = handleOf(session.respond('greeting', { response: { output_modalities: ['text'] } }));
    expect(await text.heard).toBe('none');
  });

  test('is none for what was rejected', async () => {
    const { session } = await call();
    const handle = handleOf(session.respond('greeting', { response: { max_output_tokens: -1 } }));
    expect(await handle.heard).toBe('none');
  });

  test('is told by the server where the server plays', async () => {
    const { session, server, clock } = await call({}, { media: 'webrtc' });
    server.says('A long story.', { ms: 4_000 });
    let stoppedAt = NaN;
    session.on('output_audio_buffer.stopped', () => (stoppedAt = clock.now()));
    const handle = handleOf(session.respond('greeting'));
    expect([await handle.heard, clock.now()]).toEqual(['heard', stoppedAt]);
  });

  test('of a request that was merged into the server’s own answer is that answer’s', async () => {
    const { session, server, pass } = await call();
    session.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Well?' }] },
    });
    server.caller.begins();
    await pass(100);
    const verdict = session.respond('reply');
    server.says('It is free.', { ms: 1_000 });
    server.caller.ends('Is it?');
    const settled = verdict.kind === 'hold' ? await verdict.settled : verdict;
    expect(settled.kind).toBe('merge');
    expect(settled.kind === 'merge' && (await settled.response.heard)).toBe('heard');
  });
});

describe('the outcome’s audioMs', () => {
  test('is how much audio came, before any cut', async () => {
    const { session, server } = await call();
    server.says('Hello.', { ms: 1_250 });
    expect(audioMsOf(await session.respond('greeting').done)).toBe(1_250);
  });

  test('is none of it for text', async () => {
    const { session } = await call();
    const { done } = session.respond('greeting', { response: { output_modalities: ['text'] } });
    expect(audioMsOf(await done)).toBe(0);
  });

  test('is null where the server plays', async () => {
    const { session, server } = await call({}, { media: 'webrtc' });
    server.says('Hello.', { ms: 1_250 });
    expect(audioMsOf(await session.respond('greeting').done)).toBe(null);
  });
});

test('the event `audio` has the base64 as it came', async () => {
  const { session, server } = await call();
  server.says('Hello.', { ms: 250 });
  const heard: { bytes: Uint8Array; base64: string }[] = [];
  const deltas: unknown[] = [];
  session.on('audio', (audio) => heard.push(audio));
  session.on('response.output_audio.delta', ({ delta }) => deltas.push(delta));
  await session.respond('greeting').done;
  expect(heard.map(({ base64 }) => base64)).toEqual(deltas);
  expect(heard.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).toEqual(deltas);
});
