import { describe, expect, test } from 'vitest';
import { userMessage } from '../../src/index.js';
import type { RespondOptions } from '../../types/index.js';
import { byHand, call } from './call.js';

const beside = { conversation: 'none' } as const;
const aloud: RespondOptions = { response: { ...beside, output_modalities: ['audio'] } };

describe('an out-of-band response', () => {
  test('is text unless it asks for audio, and belongs to no conversation', async () => {
    const { session, server, watch } = await call();
    server.says('billing', { lane: 'out-of-band' });
    const outcome = await session.respond('classify', { response: beside }).done;
    expect(outcome).toMatchObject({ status: 'completed', text: 'billing', response: { conversation_id: null } });
    expect(watch.sent('response.create')[0]).toMatchObject({
      response: { conversation: 'none', output_modalities: ['text'] },
    });
  });

  test('goes out while the model speaks, while the user speaks, and beside another of its kind', async () => {
    const { session, server, watch, pass } = await call({ session: byHand }, { speed: 1 });
    server.says('A long story.', { ms: 4_000 });
    session.respond('greeting');
    await pass(700);
    session.userTurn('begins');
    const verdicts = [
      session.respond('classify', { response: beside }),
      session.respond('sum up', { response: beside }),
    ];
    expect(verdicts.map(({ kind }) => kind)).toEqual(['admit', 'admit']);
    await Promise.all(verdicts.map(({ done }) => done));
    expect(watch.spoken).toEqual(['greeting', 'classify', 'sum up']);
    expect(server.sent.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('that would be heard waits for the user, and for an answer that is imminent', async () => {
    const { session, server, pass } = await call({}, { latency: { automatic: 300 } });
    server.caller.speaks('Hello?', { ms: 300 });
    await pass(10);
    const verdict = session.respond('whisper', aloud);
    expect(verdict).toMatchObject({ kind: 'hold', by: ['user-speaking'] });
    await pass(400);
    expect(session.state.held).toMatchObject([{ purpose: 'whisper', by: ['response-imminent'] }]);
    expect(await verdict.done).toMatchObject({ status: 'completed' });
  });

  test('that is being heard waits for playback where the plan does, if it would be heard itself', async () => {
    const { session, server, pass } = await call({ playback: { waits: true } });
    server.says('A long story.', { ms: 4_000 });
    session.respond('greeting');
    await pass(1_500);
    expect(session.respond('classify', { response: beside }).kind).toBe('admit');
    expect(session.respond('whisper', aloud)).toMatchObject({ kind: 'hold', by: ['playback'] });
  });

  test('does not count towards the loop, and is not refused by it', async () => {
    const { session, pass } = await call({ limits: { responsesInARow: 1 } });
    for (const purpose of ['a', 'b', 'c']) await session.respond(purpose, { response: beside }).done;
    expect(session.state.shut).toEqual([]);
    await session.respond('greeting').done;
    expect(session.state.shut).toEqual(['loop']);
    expect(session.respond('classify', { response: beside }).kind).toBe('admit');
    await pass(2_000);
  });

  test('is refused once the call is ending', async () => {
    const { session, pass } = await call();
    void session.hangup({ farewell: { instructions: 'Bye.' } });
    expect(session.respond('classify', { response: beside })).toMatchObject({ kind: 'refuse', by: 'hangup-pending' });
    await pass(10);
  });

  test('that is heard is not truncated: the conversation does not have it', async () => {
    const { session, server, watch, pass } = await call();
    server.replies({ items: [{ says: 'Psst.', ms: 3_000 }], lane: 'out-of-band' });
    session.respond('whisper', aloud);
    await pass(2_000);
    server.caller.begins();
    await pass(100);
    expect(watch.truncations).toEqual([]);
    expect(watch.cuts).toHaveLength(1);
  });
});

describe('recipes', () => {
  test('classification beside the call: the caller hears nothing of it, and the answer is data', async () => {
    const { session, server, watch } = await call();
    server.says('{"topic":"billing"}', { lane: 'out-of-band' });
    const response = {
      ...beside,
      instructions: 'Which topic? Answer as JSON.',
      input: [userMessage('My bill is wrong.')].flatMap((event) =>
        event.type === 'conversation.item.create' ? [event.item] : [],
      ),
    };
    const heard: unknown[] = [];
    session.on('audio', (audio) => heard.push(audio));
    const outcome = await session.respond('classify', { response }).done;
    expect(outcome.status === 'completed' && JSON.parse(outcome.text)).toEqual({ topic: 'billing' });
    expect(heard).toEqual([]);
    expect(watch.sent('response.create')[0]).toMatchObject({ response: { input: [{ role: 'user' }] } });
  });

  test('a summary while the caller speaks: nothing waits for it', async () => {
    const { session, server, watch, pass } = await call();
    server.caller.begins();
    await pass(100);
    server.says('They want a refund.', { lane: 'out-of-band' });
    const response = { ...beside, instructions: 'Sum up the call so far.' };
    expect(await session.respond('summary', { response }).done).toMatchObject({ text: 'They want a refund.' });
    server.caller.ends('… my money back.');
    await pass(3_000);
    expect(watch.spoken).toEqual(['summary']);
    expect(server.sent.filter(({ type }) => type === 'response.done')).toHaveLength(2);
  });
});
