import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/simulator/index.js';
import type { ReconnectPlan } from '../../types/index.js';

/** A call whose control line is lost while the greeting is being generated. */
async function inMidGreeting(reconnect: ReconnectPlan = {}) {
  const { session, server } = await simulate(
    { purposes: ['greeting', 'offer'], reconnect },
    { media: 'webrtc', greeting: { callId: 'rtc_1' }, speed: 1 },
  );
  const told: string[] = [];
  session.on('away', () => void told.push('away'));
  session.on('back', ({ epoch }) => void told.push(`back ${epoch}`));
  session.on('fault', ({ message }) => void told.push(message));
  server.says('Cinema, good evening, what can I do for you?', { ms: 4_000 });
  const greeting = session.respond('greeting');
  await session.once('output_audio_buffer.started');
  return { session, server, greeting, told };
}

describe('the control line of a call', () => {
  it.each(['drop', 'die'] as const)(
    'that is lost (%s) is dialled again, and the answer goes on at the call',
    async (how) => {
      const { session, server, greeting, told } = await inMidGreeting();
      server[how]();
      const offer = session.respond('offer');
      server.says('A film, perhaps?');
      expect(await greeting.done).toMatchObject({
        status: 'completed',
        text: 'Cinema, good evening, what can I do for you?',
      });
      expect(await offer.done).toMatchObject({ status: 'completed', text: 'A film, perhaps?' });
      expect([told, session.state.epoch]).toEqual([['away', 'back 2'], 2]);
      expect(server.server.session?.items.map(({ wire }) => wire['role'])).toEqual(['assistant', 'assistant']);
      await session.close();
    },
  );

  it('that is back only for the end of an answer has it not said again, and takes it for heard once it is', async () => {
    const { session, server } = await simulate(
      { purposes: ['greeting'], recovery: {}, reconnect: { firstMs: 1_500 } },
      { media: 'webrtc', greeting: { callId: 'rtc_1' }, speed: 1 },
    );
    const faults: string[] = [];
    session.on('fault', ({ message }) => void faults.push(message));
    server.says('Cinema, good evening, what can I do for you?', { ms: 2_000 });
    const greeting = session.respond('greeting');
    await new Promise<void>((later) => void server.clock.after(60, later));
    server.drop();
    const outcome = await greeting.done;
    const asked = server.received.filter(({ type }) => type === 'response.create').length;
    expect([outcome.status, faults, asked]).toEqual(['completed', [], 1]);
    expect(greeting.kind === 'admit' && (await greeting.response.heard)).toBe('heard');
    await session.close();
  });

  it('that is refused twice, and opens then, is back', async () => {
    const { session, server, told } = await inMidGreeting();
    server.misbehaves({ refusal: { next: 2, by: 'http404' } });
    server.drop();
    await session.once('back');
    expect(told).toEqual(['away', 'back 2']);
    await session.close();
  });

  it('of a call that ended meanwhile ends as the caller’s hang-up', async () => {
    const { session, server, told } = await inMidGreeting();
    server.drop();
    server.hangUp();
    expect(await session.closed).toEqual({ kind: 'caller-hung-up' });
    expect(told).toEqual(['away']);
  });

  it('that the server closes in good order is the caller’s hang-up at once', async () => {
    const { session, server, told } = await inMidGreeting();
    server.hangUp();
    expect([await session.closed, told]).toEqual([{ kind: 'caller-hung-up' }, []]);
  });

  it('has the call configured as it was, where another party has changed it', async () => {
    const { session, server } = await simulate(
      { session: { instructions: 'Be brief.' }, reconnect: {} },
      { media: 'webrtc', greeting: { callId: 'rtc_1' } },
    );
    server.drop();
    server.server.session!.config = { ...server.server.session!.config, instructions: 'Sing.' };
    await session.once('back');
    expect(server.server.session?.config.instructions).toBe('Be brief.');
    await session.close();
  });

  it('takes no audio and keeps items while it is away', async () => {
    const { session, server } = await inMidGreeting();
    server.drop();
    const content = [{ type: 'input_text' as const, text: 'They are a member.' }];
    session.send({ type: 'conversation.item.create', item: { type: 'message', role: 'system', content } });
    await session.once('back');
    expect(server.server.session?.items.map(({ wire }) => wire['role'])).toContain('system');
    await session.close();
  });
});
