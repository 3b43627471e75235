import { describe, expect, it } from 'vitest';
import { jsonSchema, tool } from '../../src/index.js';
import { delta, faultsOf, functionCall, ServerByHand, settles } from './by-hand.js';

const pcm = { audio: { output: { format: { type: 'audio/pcm', rate: 24_000 } } } } as const;
const quiet = {
  connection: 'open',
  configuration: 'confirmed',
  epoch: 1,
  shut: [],
  held: [],
  outstanding: null,
  responses: [],
  user: { voice: 'silent', button: 'released', transcript: 'unawaited', input: 'live' },
  budget: null,
  automatic: 'quiet',
  playback: { state: 'drained', remainingMs: 0 },
  tools: [],
  hangup: 'none',
  recovery: [],
  line: 'heard',
  backlog: 'under',
  restore: 'none',
  dropped: 0,
};

describe('state', () => {
  it('of a session in which nothing happens says so in every field', async () => {
    const session = await new ServerByHand().opened();
    expect(session.state).toEqual(quiet);
  });

  it('is safe to print: no content', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ session: { instructions: 'secret' } });
    session.respond('greeting', { response: { instructions: 'secret' } });
    session.respond('reply', { response: { instructions: 'secret' } });
    expect(JSON.stringify(session.state)).not.toContain('secret');
  });

  it('does not change afterwards, and changing it changes nothing', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const before = session.state;
    session.respond('greeting');
    expect(before.outstanding).toBe(null);
    (session.state.shut as string[]).push('closed');
    expect(session.state.shut).toEqual(['response-active']);
  });

  it('says which requests wait, for what and since when, and which is written', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.respond('greeting');
    session.respond('reply');
    server.clock.advance(40);
    expect(session.state).toEqual({
      ...quiet,
      shut: ['response-active'],
      outstanding: 'greeting',
      held: [{ purpose: 'reply', by: ['response-active'], sinceMs: 40 }],
    });
  });

  it('names the responses that are open, and whose they are', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    session.respond('greeting');
    server.creates('resp_1');
    server.says({ type: 'response.created', response: { id: 'resp_2', conversation_id: null } });
    expect(session.state.responses).toEqual([
      { id: 'resp_1', purpose: 'greeting', outOfBand: false },
      { id: 'resp_2', purpose: null, outOfBand: true },
    ]);
  });

  it('says that the user speaks, by whose word, and that an answer is due', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ turnEnds: 'transcribed' });
    server.says({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    session.userTurn('begins');
    expect(session.state.user).toEqual({ voice: 'speaking', button: 'held', transcript: 'unawaited', input: 'live' });
    session.userTurn('ends');
    server.says({ type: 'input_audio_buffer.speech_stopped', item_id: 'item_1' });
    expect(session.state.user).toEqual({ voice: 'silent', button: 'released', transcript: 'awaited', input: 'live' });
    expect(session.state.automatic).toBe('imminent');
  });

  it('says how much is still to be heard, also without the guard `playback`', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ session: pcm });
    session.respond('greeting');
    server.creates('resp_1');
    server.says(
      delta(
        'resp_1',
        'item_1',
        Array.from({ length: 4_800 }, () => 0),
      ),
    );
    server.completes('resp_1');
    server.clock.advance(30);
    expect(session.state.playback).toEqual({ state: 'playing', remainingMs: 70 });
    expect(session.state.shut).toEqual([]);
    server.clock.advance(80);
    expect(session.state.playback).toEqual({ state: 'drained', remainingMs: 0 });
  });

  it('says null where only the carrier’s marks can say how much is still to be heard', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ session: pcm });
    server.says(
      delta(
        'resp_1',
        'item_1',
        Array.from({ length: 4_800 }, () => 0),
      ),
    );
    session.heard({ itemId: 'item_1', ms: 10 });
    expect(session.state.playback).toEqual({ state: 'playing', remainingMs: null });
  });

  it('says that the server plays', async () => {
    const server = new ServerByHand({ kind: 'sideband' });
    const session = await server.opened();
    server.says({ type: 'output_audio_buffer.started', response_id: 'resp_1' });
    expect(session.state.playback).toEqual({ state: 'server-playing', remainingMs: null });
  });

  it('says which tools run, and since when', async () => {
    const run = () => new Promise(() => undefined);
    const look = tool({ name: 'look_up', description: 'Looks.', parameters: jsonSchema({ type: 'object' }), run });
    const server = new ServerByHand();
    const session = await server.opened({ tools: [look] });
    session.respond('greeting');
    server.creates('resp_1');
    server.says(functionCall('resp_1', 'call_1', 'look_up'));
    await settles();
    server.clock.advance(90);
    expect(session.state.tools).toEqual([{ name: 'look_up', sinceMs: 90 }]);
  });

  it('says how far a hang-up is', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ hangUp: () => new Promise(() => undefined) });
    void session.hangup({ farewell: { instructions: 'Bye.' }, onBargeIn: 'hang-up' });
    expect(session.state.hangup).toBe('quieting');
    server.confirms();
    expect(session.state.hangup).toBe('saying');
    server.creates('resp_1');
    server.says({ type: 'response.done', response: { id: 'resp_1', status: 'failed' } });
    expect(session.state.hangup).toBe('ending');
    void session.close();
    expect(session.state.hangup).toBe('ended');
  });

  it('says what is asked for again, and when', async () => {
    const server = new ServerByHand();
    const session = await server.opened({ recovery: {} });
    faultsOf(session);
    session.respond('greeting');
    server.creates('resp_1');
    server.says({ type: 'response.done', response: { id: 'resp_1', status: 'failed' } });
    server.clock.advance(200);
    expect(session.state.recovery).toEqual([{ kind: 'retry', failure: 'server-error', inMs: 300 }]);
  });

  it('says that an update is in flight, and that one may or may not stand', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    void session.update({ session: { instructions: 'Sing.' } });
    expect([session.state.configuration, session.state.shut]).toEqual(['asking', ['unconfirmed']]);
    server.clock.advance(10_100);
    expect(session.state.configuration).toBe('doubtful');
  });

  it('says that the line is asked, and that its reader has stalled', async () => {
    const server = new ServerByHand({ pings: 'unanswered' });
    const session = await server.opened();
    faultsOf(session);
    server.unsentBytes = 2 * 1024 * 1024;
    session.appendAudio('AAAA');
    expect(session.state).toMatchObject({ backlog: 'over', dropped: 1 });
    server.unsentBytes = 0;
    session.appendAudio('AAAA');
    server.clock.advance(45_100);
    expect(session.state).toMatchObject({ backlog: 'under', restore: 'none', line: 'asked' });
  });

  it('says closing, then closed', async () => {
    const server = new ServerByHand({ closes: 'never' });
    const session = await server.opened();
    void session.close();
    expect(session.state).toMatchObject({ connection: 'closing', shut: ['closing'] });
    server.ends(1000);
    expect(session.state).toMatchObject({ connection: 'closed', shut: ['closed'] });
  });
});
