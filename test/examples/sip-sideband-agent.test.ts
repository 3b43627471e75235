import { expectVerdict, simulate } from 'gated-realtime/simulator';
import { expect, test } from 'vitest';
import { answeringService, shutdownFarewell } from '../../examples/sip-sideband/answering-service.js';

// What the answering service says and does, on a control line in memory: no socket, no waiting.

async function onTheLine() {
  const hungUp: string[] = [];
  const hangUp = () => Promise.resolve(void hungUp.push('hung up'));
  const simulated = await simulate(answeringService(hangUp), {
    greeting: { callId: 'rtc_1' },
    media: 'webrtc',
  });
  return { ...simulated, hungUp };
}

test('a caller who is done hears a goodbye, and then the call is hung up', async () => {
  const { session, server, hungUp } = await onTheLine();
  server.says('Elm Road Cinema, good evening.');
  await session.respond('greeting').done;
  server.calls('end_call');
  server.says('Goodbye!');
  server.caller.speaks('Thank you, that was all.');

  expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'heard' });
  expect(hungUp).toEqual(['hung up']);
});

test('a caller who speaks over the goodbye takes the call back', async () => {
  const { session, server, hungUp } = await onTheLine();
  server.says('Goodbye, and thank you for calling Elm Road Cinema tonight!', { ms: 6_000 });
  const ending = session.hangup({ farewell: { instructions: 'Say goodbye.' }, onBargeIn: 'resume' });
  await session.once('output_audio_buffer.started');
  server.caller.speaks('Wait, one more question.');

  expect((await ending).kind).toBe('resumed');
  expect(hungUp).toEqual([]);
  await session.close();
});

test('a greeting waits for a caller who speaks first, and nothing is said after the goodbye has begun', async () => {
  const { session, server } = await onTheLine();
  server.caller.speaks('Hello? Is that the cinema?');
  await session.once('input_audio_buffer.speech_started');
  expectVerdict(session.respond('greeting', { whenBlocked: 'hold-this-turn' })).toHold('user-speaking');
  const ending = session.hangup({ farewell: shutdownFarewell, onBargeIn: 'hang-up' });
  expectVerdict(session.respond('greeting')).toRefuse('hangup-pending');

  expect(await ending).toMatchObject({ kind: 'hung-up', farewell: 'heard' });
});
