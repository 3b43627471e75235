import { describe, expect, test } from 'vitest';
import { userMessage } from '../../src/index.js';
import { byHand, call, does, listening } from './call.js';

const transcribing = {
  audio: {
    input: { transcription: { model: 'whisper-1' }, turn_detection: { type: 'server_vad', create_response: false } },
  },
} as const;

describe('a turn that ends with its transcript', () => {
  test('keeps the floor until the transcript has been read', async () => {
    const { session, server, pass, watch } = await call({ turnEnds: 'transcribed', session: transcribing });
    server.caller.speaks('Hello there', { ms: 300 });
    await pass(500);
    expect(session.state.shut).toEqual(['user-speaking']);
    const verdict = session.respond('reply');
    expect(verdict).toMatchObject({ kind: 'hold', by: ['user-speaking'] });
    await pass(200);
    expect(watch.spoken).toEqual([]);
    const transcripts = () => server.sent.filter(({ type }) => type.endsWith('transcription.completed'));
    expect(transcripts()).toEqual([]);
    await verdict.done;
    expect([watch.spoken, transcripts().length]).toEqual([['reply'], 1]);
  });

  test('that never comes is waited for until its deadline, and that is no fault', async () => {
    const { session, server, pass, watch } = await call({
      turnEnds: 'transcribed',
      session: listening,
      limits: { transcriptMs: 1_000 },
    });
    server.caller.speaks('Hello there', { ms: 300 });
    await pass(1_250);
    expect(session.state.shut).toEqual(['user-speaking']);
    await pass(100);
    expect(session.state.shut).toEqual([]);
    expect(watch.faults).toEqual([]);
  });

  test('that fails ends the turn as well', async () => {
    const { session, server, pass } = await call({ turnEnds: 'transcribed', session: transcribing });
    server.caller.speaks('Hm', { ms: 300, transcriptionFails: 'audio_unintelligible' });
    await pass(900);
    expect(session.state.shut).toEqual([]);
  });

  test('is the last one’s: the transcript of an earlier turn ends nothing', async () => {
    const late = { faults: { transcriptionDelay: 900 } };
    const { session, server, pass } = await call({ turnEnds: 'transcribed', session: transcribing }, late);
    server.caller.speaks('First', { ms: 300 });
    server.caller.speaks('Second', { ms: 300, afterMs: 500 });
    await pass(1_300);
    expect(session.state.shut).toEqual(['user-speaking']);
    await pass(600);
    expect(session.state.shut).toEqual([]);
  });

  test('is not the default: silence ends a turn', async () => {
    const { session, server, pass } = await call({ session: transcribing });
    server.caller.speaks('Hello there', { ms: 300 });
    await pass(310);
    expect(session.state.shut).toEqual([]);
  });
});

describe('push-to-talk, with turn detection off', () => {
  test('holds while the button is down, and answers what was committed when it is released', async () => {
    const { session, server, watch, pass } = await call({ session: byHand });
    session.userTurn('begins');
    session.appendAudio(new Uint8Array(48 * 400));
    const early = session.respond('nudge', { whenBlocked: 'refuse' });
    expect(early).toMatchObject({ kind: 'refuse', by: 'user-speaking' });
    session.userTurn('ends');
    session.send({ type: 'input_audio_buffer.commit' });
    server.says('I heard you.');
    expect(await session.respond('reply').done).toMatchObject({ status: 'completed', text: 'I heard you.' });
    await pass(100);
    expect(watch.spoken).toEqual(['reply']);
    expect(server.sent.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('expects no answer of the server’s own after our commit', async () => {
    const { session, pass } = await call({ session: byHand });
    session.appendAudio(new Uint8Array(48 * 400));
    session.send({ type: 'input_audio_buffer.commit' });
    await pass(100);
    expect(session.state.shut).toEqual([]);
  });

  test('lets a request for this turn lapse when the next begins', async () => {
    const { session, watch } = await call({ session: byHand });
    session.respond('greeting');
    const nudge = session.respond('nudge', { whenBlocked: 'hold-this-turn', response: { instructions: 'Nudge.' } });
    session.userTurn('begins');
    expect(await nudge.done).toMatchObject({ status: 'unsent', by: 'expired' });
    expect(watch.spoken).toEqual(['greeting']);
  });

  test('whose button is never released is a fault after a minute, and opens', async () => {
    const { session, watch, pass } = await call({ session: byHand });
    session.userTurn('begins');
    await pass(60_001);
    expect(session.state.shut).toEqual([]);
    expect(watch.faults).toHaveLength(1);
  });
});

describe('a server that listens and does not answer', () => {
  test('makes no answer imminent: what the turn calls for is the program’s to ask', async () => {
    const { session, server, watch, pass } = await call({ session: listening });
    server.caller.speaks('Hello?', { ms: 300 });
    await pass(400);
    expect(session.state.shut).toEqual([]);
    expect(session.respond('reply').kind).toBe('admit');
    await pass(2_000);
    expect(watch.spoken).toEqual(['reply']);
    expect(watch.faults).toEqual([]);
  });
});

describe('semantic voice detection', () => {
  const semantic = { audio: { input: { turn_detection: { type: 'semantic_vad' } } } } as const;

  test('may begin a turn in a burst: it is one turn, and one answer', async () => {
    const { session, server, watch, pass } = await call({ session: semantic }, { faults: { semanticBurst: 4 } });
    const held = session.respond('greeting', { response: { instructions: 'Hi.' } });
    await held.done;
    server.caller.begins();
    await pass(100);
    const reply = session.respond('reply', { response: { instructions: 'And this.' } });
    expect(session.state.shut).toEqual(['user-speaking']);
    server.caller.ends('Well then');
    expect(await reply.done).toMatchObject({ status: 'completed' });
    expect(watch.spoken).toEqual(['greeting', 'reply']);
    const starts = server.sent.filter(({ type }) => type === 'input_audio_buffer.speech_started');
    expect(starts.length).toBeGreaterThan(1);
    expect(server.sent.filter(({ type }) => type === 'error')).toEqual([]);
  });
});

describe('the idle timeout', () => {
  const idle = { audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 5_000 } } } } as const;

  test('is answered by the server itself: what we ask for waits, and collides with nothing', async () => {
    const { session, server, watch } = await call({ session: idle }, { latency: { automatic: 200 } });
    await session.respond('greeting').done;
    await new Promise((resolve) => void session.on('input_audio_buffer.timeout_triggered', resolve));
    const nudge = session.respond('nudge', { response: { instructions: 'Are you there?' } });
    expect(nudge).toMatchObject({ kind: 'hold', by: ['response-imminent'] });
    expect(await nudge.done).toMatchObject({ status: 'completed' });
    expect(watch.spoken).toEqual(['greeting', 'nudge']);
    expect(server.sent.filter(({ type }) => type === 'error')).toEqual([]);
  });
});

describe('the loop guard', () => {
  const twice = { limits: { responsesInARow: 2 } };
  const say = { response: { instructions: 'Go on.' } };

  test('shuts after so many answers of ours in a row, and refuses', async () => {
    const { session } = await call(twice);
    await session.respond('one', say).done;
    await session.respond('two', say).done;
    expect(session.respond('three', say)).toMatchObject({ kind: 'refuse', by: 'loop' });
  });

  test('opens with a turn of the caller', async () => {
    const { session, server, pass } = await call(twice);
    await session.respond('one', say).done;
    await session.respond('two', say).done;
    server.caller.speaks('Hello?', { ms: 300 });
    await pass(5_000);
    expect(session.respond('three', say).kind).toBe('admit');
  });

  test.each([
    { by: 'a commit of ours', does: { type: 'input_audio_buffer.commit' } as const },
    { by: 'a user item', does: userMessage('Hello?') },
  ])('opens with $by', async ({ does: event }) => {
    const { session } = await call({ ...twice, session: byHand });
    await session.respond('one', say).done;
    await session.respond('two', say).done;
    session.appendAudio(new Uint8Array(48 * 200));
    session.send(event);
    expect(session.respond('three', say).kind).toBe('admit');
  });

  test('opens with userTurn()', async () => {
    const { session } = await call({ ...twice, session: byHand });
    await session.respond('one', say).done;
    await session.respond('two', say).done;
    session.userTurn('begins');
    session.userTurn('ends');
    expect(session.respond('three', say).kind).toBe('admit');
  });

  test('counts a chain of tools once', async () => {
    const { session, server, watch, pass } = await call({ ...twice, tools: [does('look_up', () => 'found')] });
    server.calls('look_up');
    server.calls('look_up');
    server.says('It is free.');
    session.respond('one', say);
    await pass(8_000);
    expect(watch.spoken).toEqual(['one', 'tool:look_up', 'tool:look_up']);
    expect(session.respond('two', say).kind).toBe('admit');
  });

  test('lets the last answer that it counted finish its tools: the caller is not left with silence', async () => {
    const { session, server, watch, pass } = await call({
      limits: { responsesInARow: 1 },
      tools: [does('look_up', () => 'found')],
    });
    server.calls('look_up');
    server.says('It is free.');
    session.respond('one', say);
    await pass(8_000);
    expect(watch.spoken).toEqual(['one', 'tool:look_up']);
    expect(session.respond('two', say)).toMatchObject({ kind: 'refuse', by: 'loop' });
  });

  test('is overridden by name', async () => {
    const { session } = await call(twice);
    await session.respond('one', say).done;
    await session.respond('two', say).done;
    expect(session.respond('three', { ...say, override: ['loop'] }).kind).toBe('admit');
  });
});
