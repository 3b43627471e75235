import { describe, expect, it } from 'vitest';
import { openSession } from '../../src/index.js';
import { createSimulator, type SimulatorOptions } from '../../src/simulator/index.js';
import { encodeAppend } from '../../src/wire/index.js';
import type { SessionPlan } from '../../types/index.js';
import { ServerByHand } from './by-hand.js';

const byHand: SessionPlan = { session: { audio: { input: { turn_detection: null } } } };

async function lasting(plan: SessionPlan = {}, options: SimulatorOptions = {}) {
  const simulator = createSimulator(options);
  const { transport, clock } = simulator;
  const session = await openSession({ transport, clock, reconnect: {}, ...plan });
  const faults: string[] = [];
  session.on('fault', ({ message }) => faults.push(message));
  await new Promise<void>((resolve) => void simulator.clock.after(0, resolve));
  const waits = (ms: number): Promise<void> => new Promise((resolve) => void simulator.clock.after(ms, resolve));
  return { simulator, session, faults, waits };
}

const ms = (length: number): Uint8Array => new Uint8Array(length * 48);
/** What the server has been sent since the last greeting, of what concerns what the caller says and hears. */
function heard(simulator: ReturnType<typeof createSimulator>): readonly string[] {
  const types = simulator.received.map(({ type }) => type);
  const since = types.lastIndexOf('session.update') + 1;
  return types.slice(since).map((type) => type.replace('input_audio_buffer.', ''));
}

describe('what the caller says while the session is away', () => {
  it('goes to the next connection as soon as that has taken over, before anything is said', async () => {
    const { session, simulator } = await lasting(byHand);
    simulator.drop();
    session.appendAudio(ms(100));
    session.appendAudio(ms(200));
    session.send({ type: 'input_audio_buffer.commit' });
    const answer = session.respond('answer');
    simulator.says('I have heard you.');
    expect((await answer.done).status).toBe('completed');
    expect(heard(simulator)).toEqual(['append', 'append', 'commit', 'response.create']);
    expect([simulator.server.session?.items.map(({ wire }) => wire['role']), session.state.dropped]).toEqual([
      ['user', 'assistant'],
      0,
    ]);
    await session.close();
  });

  it('counts as a turn of the button that was held all the while', async () => {
    const { session, simulator } = await lasting(byHand);
    session.userTurn('begins');
    session.appendAudio(ms(100));
    simulator.drop();
    session.appendAudio(ms(200));
    const answer = session.respond('answer');
    await session.once('back');
    expect([session.state.user.button, answer.kind === 'hold' && answer.by]).toEqual([
      'held',
      ['unconfirmed', 'user-speaking'],
    ]);
    session.appendAudio(ms(100));
    session.userTurn('ends');
    session.send({ type: 'input_audio_buffer.commit' });
    expect((await answer.done).status).toBe('completed');
    expect(heard(simulator).filter((type) => type === 'append')).toHaveLength(3);
    await session.close();
  });

  it('is answered by the server where it detects turns, and a greeting that waits is not said over it', async () => {
    const { session, simulator, waits } = await lasting();
    simulator.drop();
    session.appendAudio(ms(400));
    const greeting = session.respond('greeting');
    await session.once('back');
    expect([session.state.user.input, session.state.shut]).toEqual(['unheard', ['user-speaking']]);
    simulator.caller.speaks('Hello?', { ms: 600 });
    await waits(100);
    expect([session.state.user.input, session.state.user.voice]).toEqual(['live', 'speaking']);
    expect(heard(simulator)).not.toContain('response.create');
    await greeting.done;
    await session.close();
  });

  it('is dropped beyond `audioMs`, the oldest first, and counted', async () => {
    const { session, simulator } = await lasting({ ...byHand, reconnect: { audioMs: 250 } });
    simulator.drop();
    for (let frame = 0; frame < 4; frame++) session.appendAudio(ms(100));
    expect(session.state.dropped).toBe(2);
    await session.once('back');
    expect(heard(simulator)).toEqual(['append', 'append']);
    await session.close();
  });

  it('is dropped, and counted, where no connection comes any more', async () => {
    const { session, simulator } = await lasting(byHand);
    simulator.drop();
    session.appendAudio(ms(100));
    await session.close();
    session.appendAudio(ms(100));
    expect(session.state.dropped).toBe(2);
  });

  it('follows what the caller had begun to say before', async () => {
    const { session, simulator } = await lasting(byHand);
    session.appendAudio(ms(100));
    session.send({ type: 'input_audio_buffer.commit' });
    await session.once('input_audio_buffer.committed');
    session.appendAudio(ms(200));
    simulator.drop();
    session.appendAudio(ms(300));
    await session.once('back');
    const lengths = simulator.received
      .filter(({ type }) => type === 'input_audio_buffer.append')
      .map((frame) => Buffer.from((frame as unknown as { audio: string }).audio, 'base64').length / 48);
    expect(lengths).toEqual([100, 200, 200, 300]);
    await session.close();
  });

  it('of a turn whose words are not known is told again as its audio', async () => {
    const { session, simulator } = await lasting(byHand);
    for (const _ of [1, 2]) session.appendAudio(new Uint8Array(100 * 48 + 1).fill(7));
    session.send({ type: 'input_audio_buffer.commit' });
    await session.once('conversation.item.added');
    simulator.drop();
    await session.once('back');
    const told = simulator.received.findLast(({ type }) => type === 'conversation.item.create');
    const audio = (told as unknown as { item: { content: [{ audio: string }] } }).item.content[0].audio;
    expect(Buffer.from(audio, 'base64')).toEqual(Buffer.alloc(2 * (100 * 48 + 1), 7));
    await session.close();
  });

  it('is not kept by a session that ends with its connection', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.appendAudio(ms(100));
    server.ends(1006);
    session.appendAudio(ms(100));
    expect([session.state.dropped, server.types()]).toEqual([1, ['input_audio_buffer.append']]);
  });

  it('is the text that was written for the first connection: nothing is encoded twice', async () => {
    const { session, simulator } = await lasting(byHand);
    const frame = encodeAppend(ms(100));
    session.appendAudio(ms(100));
    simulator.drop();
    await session.once('back');
    const sent = simulator.received.filter(({ type }) => type === 'input_audio_buffer.append');
    expect(sent.map((each) => JSON.stringify(each))).toEqual([frame, frame]);
    await session.close();
  });
});
