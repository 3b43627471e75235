import { describe, expect, it, vi } from 'vitest';
import { connect } from '../../src/session/connect.js';
import type { ConfirmedSession, Decision, SessionPlan } from '../../types/index.js';
import { delta, type Frame, functionCall, ServerByHand, settles } from './by-hand.js';
import { tool, jsonSchema } from '../../src/index.js';

const LOUD = 'what the caller said is a secret';

async function decided(plan: SessionPlan = {}, server = new ServerByHand()) {
  const session = await server.opened(plan);
  const decisions: Decision[] = [];
  session.on('decision', (decision) => decisions.push(decision));
  session.on('fault', () => undefined);
  return { server, session, decisions };
}

const usage = {
  input_tokens: 30,
  output_tokens: 20,
  input_token_details: { text_tokens: 30, audio_tokens: 0 },
  output_token_details: { text_tokens: 5, audio_tokens: 15 },
};
const done = (id: string, fields: object = {}): Frame => ({
  type: 'response.done',
  response: { id, status: 'completed', output: [], conversation_id: 'conv_1', usage, ...fields },
});
/** 10 ms of sound at 24 kHz. */
const sound = (response: string): Frame => delta(response, `item_of_${response}`, new Array(480).fill(0));
const conflict = (server: ServerByHand, holder: string): Frame => ({
  type: 'error',
  error: {
    event_id: server.last('response.create')!['event_id'],
    code: 'conversation_already_has_active_response',
    message: `Conversation already has an active response in progress: ${holder}.`,
  },
});
const item = (id: string): never =>
  ({ id, type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Well?' }] }) as never;

/** Two requests that follow the same item and wait for the same slot: one create is sent for both. */
async function twoInOne() {
  const all = await decided();
  const { session, server } = all;
  session.respond('first');
  server.creates('resp_1');
  session.send({ type: 'conversation.item.create', item: item('item_mine') });
  session.respond('second');
  session.respond('third');
  server.says({ type: 'conversation.item.added', item: { id: 'item_mine' } }, done('resp_1'));
  server.creates('resp_2');
  server.says(done('resp_2'));
  return all;
}

describe('a decision', () => {
  it('tells the whole story of a request that was admitted, said and heard', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    const server = new ServerByHand();
    const unconfirmed = await connect({
      ...{ transport: server, clock: server.clock, model: 'gpt-realtime-2.1', callId: 'rtc_7' },
    });
    vi.restoreAllMocks();
    const configuring = unconfirmed.configure({});
    server.confirms();
    const session: ConfirmedSession<string> = await configuring;
    server.clock.advance(40);
    const decisions: Decision[] = [];
    session.on('decision', (decision) => decisions.push(decision));
    session.respond('greeting', { override: ['loop'] });
    server.clock.advance(5);
    server.creates('resp_1');
    server.clock.advance(5);
    server.says(sound('resp_1'));
    server.clock.advance(2);
    server.says(done('resp_1'));
    server.clock.advance(100);
    expect(decisions).toEqual([
      {
        sessionId: 'sess_1',
        callId: 'rtc_7',
        requestId: 'req_1',
        responseId: 'resp_1',
        purpose: 'greeting',
        origin: 'user',
        lane: 'default',
        attempt: 0,
        rootId: null,
        verdict: 'admit',
        by: null,
        heldBy: [],
        overrides: ['loop'],
        steps: [
          { at: 40, what: 'asked', guards: [] },
          { at: 40, what: 'sent', guards: [] },
        ],
        stepsLeftOut: 0,
        heldMs: 0,
        epoch: 1,
        times: {
          askedAt: 40,
          heldAt: null,
          sentAt: 40,
          createdAt: 45,
          firstAudioAt: 50,
          doneAt: 52,
          heardAt: 60,
        },
        wallTime: 1_700_000_000_040,
        sinceLastMs: null,
        outcome: 'completed',
        why: null,
        heard: 'heard',
        answeredBy: null,
        tokens: {
          text: { input: 30, cached: 0, output: 5, reasoning: 0 },
          audio: { input: 0, cached: 0, output: 15 },
          image: { input: 0, cached: 0 },
        },
        nanoUsd: session.ledger.total.nanoUsd,
      },
    ]);
    expect(session.ledger.total.nanoUsd).toBeGreaterThan(0);
  });

  it('waits until it is known how much was heard', async () => {
    const { server, session, decisions } = await decided();
    session.respond('greeting');
    server.creates('resp_1');
    server.says(sound('resp_1'), done('resp_1'));
    expect(decisions).toEqual([]);
    server.clock.advance(10);
    expect(decisions).toMatchObject([{ heard: 'heard' }]);
  });

  it('says how long a request waited, and which guards held it at each step', async () => {
    const { server, session, decisions } = await decided();
    server.says({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    session.respond('greeting');
    server.clock.advance(100);
    server.says({ type: 'input_audio_buffer.speech_stopped', item_id: 'item_1' });
    server.clock.advance(400);
    server.creates('resp_1');
    server.says(done('resp_1'));
    expect(decisions).toMatchObject([
      { heldBy: ['user-speaking'], heldMs: 500, times: { heldAt: 0, sentAt: 500 }, outcome: 'completed' },
    ]);
    expect(decisions[0]!.steps).toEqual([
      { at: 0, what: 'asked', guards: [] },
      { at: 0, what: 'held', guards: ['user-speaking'] },
      { at: 100, what: 'held', guards: ['response-imminent'] },
      { at: 500, what: 'sent', guards: [] },
    ]);
  });

  it('says every guard that was shut to a request that was refused, and comes at once', async () => {
    const { session, decisions } = await decided({ limits: { responsesInARow: 1 } });
    session.respond('greeting');
    session.userTurn('begins');
    session.userTurn('ends');
    session.userTurn('begins');
    session.respond('nudge', { whenBlocked: 'refuse' });
    expect(decisions).toMatchObject([
      {
        ...{ purpose: 'nudge', verdict: 'refuse', by: 'user-speaking', outcome: 'unsent', why: 'user-speaking' },
        ...{ responseId: null, heard: 'none', tokens: null, nanoUsd: 0 },
        steps: [{ what: 'asked' }, { what: 'unsent', guards: ['user-speaking', 'response-active'] }],
      },
    ]);
  });

  it('says that a request was put back, what held it then, and that it was sent again', async () => {
    const { server, session, decisions } = await decided();
    session.respond('greeting', { response: { instructions: 'Say hello.' } });
    server.clock.advance(10);
    server.says(conflict(server, 'resp_other'));
    server.clock.advance(10);
    server.says(done('resp_other'));
    server.creates('resp_1');
    server.says(done('resp_1'));
    expect(decisions).toMatchObject([
      {
        steps: [
          { at: 0, what: 'asked' },
          { at: 0, what: 'sent' },
          { at: 10, what: 'put-back' },
          { at: 10, what: 'held', guards: ['response-active'] },
          { at: 20, what: 'sent' },
        ],
        ...{ heldBy: [], heldMs: 10, times: { heldAt: 10, sentAt: 20 }, outcome: 'completed' },
      },
    ]);
  });

  it('counts no more waiting once the server has created what it had refused', async () => {
    const { server, session, decisions } = await decided();
    session.respond('greeting', { response: { instructions: 'Say hello.' } });
    const { error } = conflict(server, 'resp_other');
    server.says({ type: 'error', error: { ...error, event_id: null } });
    server.clock.advance(10);
    server.creates('resp_1');
    server.clock.advance(10);
    server.says(done('resp_1'));
    expect(decisions).toMatchObject([{ heldMs: 10, times: { heldAt: 0, createdAt: 10, doneAt: 20 } }]);
  });

  it('says of a request that the session’s end caught how far it came', async () => {
    const { session, decisions } = await decided();
    session.respond('greeting');
    session.respond('second');
    await session.close();
    expect(decisions).toMatchObject([
      { purpose: 'second', verdict: 'refuse', by: 'closing', outcome: 'unsent' },
      { purpose: 'greeting', verdict: 'admit', outcome: 'lost', why: 'network' },
    ]);
  });

  it('of a request that shares another’s response names that, and costs nothing itself', async () => {
    const { session, decisions } = await twoInOne();
    const [, second, third] = decisions;
    expect(second).toMatchObject({ purpose: 'second', verdict: 'admit', responseId: 'resp_2', answeredBy: null });
    expect(third).toMatchObject({
      ...{ purpose: 'third', verdict: 'merge', responseId: 'resp_2', answeredBy: second!.requestId },
      ...{ outcome: 'completed', tokens: null, nanoUsd: 0 },
    });
    const sum = decisions.reduce((total, { nanoUsd }) => total + nanoUsd!, 0);
    expect(sum).toBe(session.ledger.total.nanoUsd);
  });

  it('of a request that the server’s own answer answers names that answer, and costs nothing itself', async () => {
    const { server, session, decisions } = await decided();
    session.send({ type: 'conversation.item.create', item: item('item_mine') });
    server.says({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    session.respond('reply');
    server.says(
      { type: 'conversation.item.added', item: { id: 'item_mine' } },
      { type: 'input_audio_buffer.speech_stopped', item_id: 'item_1' },
      { type: 'input_audio_buffer.committed', item_id: 'item_1' },
    );
    server.clock.advance(30);
    server.says({ type: 'response.created', response: { id: 'resp_own', conversation_id: 'conv_1' } });
    server.clock.advance(30);
    server.says(
      { type: 'response.output_item.added', response_id: 'resp_own', item: { id: 'item_2', type: 'message' } },
      done('resp_own'),
    );
    expect(decisions).toMatchObject([
      {
        ...{ verdict: 'merge', responseId: 'resp_own', answeredBy: 'server', tokens: null, nanoUsd: 0 },
        ...{ times: { createdAt: 30, sentAt: null, doneAt: 60 }, heldMs: 60 },
      },
    ]);
  });

  it('of the session’s own request says who asked', async () => {
    const look = tool({
      name: 'look',
      description: 'Looks.',
      parameters: jsonSchema({ type: 'object' }),
      run: () => 1,
    });
    const { server, session, decisions } = await decided({ tools: [look] });
    session.respond('greeting');
    server.creates('resp_1');
    server.says(functionCall('resp_1', 'call_1', 'look'), done('resp_1'));
    await settles();
    server.creates('resp_2');
    server.says(done('resp_2'));
    expect(decisions).toMatchObject([
      { purpose: 'greeting', origin: 'user' },
      { purpose: 'tool:look', origin: 'follow-up', requestId: 'req_s1' },
    ]);
  });

  it('of a retry names the request that it tries again', async () => {
    const row = { retries: 1, backoffMs: 10, apology: null, then: 'go-on' } as const;
    const { server, session, decisions } = await decided({ recovery: { 'server-error': row } });
    session.respond('greeting');
    server.creates('resp_1');
    server.says(done('resp_1', { status: 'failed', status_details: { error: { type: 'server_error', code: null } } }));
    server.clock.advance(10);
    server.creates('resp_2');
    server.says(done('resp_2', { status: 'incomplete', status_details: { reason: 'content_filter' } }));
    expect(decisions).toMatchObject([
      { purpose: 'greeting', outcome: 'failed', why: 'server_error', attempt: 0, rootId: null },
      { origin: 'retry', outcome: 'incomplete', why: 'content_filter', attempt: 1, rootId: 'req_1' },
    ]);
  });

  it('says what was used also where `created` never came', async () => {
    const { server, session, decisions } = await decided();
    session.respond('greeting');
    const { metadata } = server.last('response.create')!['response'];
    server.says(done('resp_1', { metadata }));
    const nanoUsd = session.ledger.total.nanoUsd;
    expect(decisions).toMatchObject([{ responseId: 'resp_1', nanoUsd, times: { createdAt: null, doneAt: 0 } }]);
    expect(decisions[0]!.tokens).not.toBeNull();
  });

  it('says that a price is not known', async () => {
    const { server, session, decisions } = await decided();
    server.says({ type: 'session.updated', session: { id: 'sess_1', model: 'nobody-knows' } });
    session.respond('greeting');
    server.creates('resp_1');
    server.says(done('resp_1'));
    expect(decisions).toMatchObject([{ nanoUsd: null, tokens: { text: { input: 30 } } }]);
  });

  it('says which request came right after another', async () => {
    const { server, session, decisions } = await decided();
    session.respond('greeting', { response: { conversation: 'none' } });
    server.clock.advance(30);
    session.respond('greeting', { whenBlocked: 'refuse', response: { conversation: 'none' } });
    await session.close();
    expect(decisions.map(({ sinceLastMs }) => sinceLastMs)).toEqual([null, 30]);
  });

  it('counts what holds a request after the first 32 times, and keeps no more', async () => {
    let shut = false;
    const { session, decisions } = await decided({
      guards: { mine: { kind: 'transient', shut: () => shut } },
    });
    session.userTurn('begins');
    session.respond('greeting');
    for (let turn = 0; turn < 40; turn++) {
      shut = !shut;
      session.reconsider();
    }
    await session.close();
    expect(decisions[0]!.steps.filter(({ what }) => what === 'held')).toHaveLength(32);
    expect(decisions[0]!.stepsLeftOut).toBe(9);
  });

  it('is frozen: all listeners are given the same one', async () => {
    const { session, decisions } = await decided();
    session.userTurn('begins');
    session.respond('greeting', { whenBlocked: 'refuse' });
    const [decision] = decisions;
    for (const part of [decision, decision!.steps, decision!.steps[0], decision!.times, decision!.heldBy]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('is plain data without a word of what was said, asked or complained of', async () => {
    const { server, session, decisions } = await decided();
    session.respond('greeting', { response: { instructions: LOUD, metadata: { mine: LOUD } } });
    server.creates('resp_1');
    const failure = { error: { type: LOUD, code: LOUD, message: LOUD } };
    const output = [{ type: 'message', content: [{ type: 'output_audio', transcript: LOUD }] }];
    server.says(done('resp_1', { status: 'failed', status_details: failure, output }));
    session.respond('again', { response: { instructions: LOUD } });
    const { event_id } = server.last('response.create')!;
    server.says({ type: 'error', error: { event_id, code: 'invalid_value', message: LOUD } });
    expect(decisions).toMatchObject([{ why: 'unknown' }, { outcome: 'unsent', why: 'rejected' }]);
    expect(JSON.stringify(decisions)).not.toContain(LOUD);
    expect(JSON.parse(JSON.stringify(decisions))).toEqual(decisions);
  });

  it('has come before the session says that it has ended', async () => {
    const { session, decisions } = await decided();
    session.respond('greeting');
    let known = -1;
    void session.closed.then(() => (known = decisions.length));
    await session.close();
    expect(known).toBe(1);
  });

  it('comes of a request that is made after the end as well', async () => {
    const { session, decisions } = await decided();
    await session.close();
    session.respond('greeting');
    expect(decisions).toMatchObject([{ verdict: 'refuse', by: 'closed', steps: [{}, { guards: ['closed'] }] }]);
  });

  it('is told to observers before anybody else', async () => {
    const server = new ServerByHand();
    const seen: string[] = [];
    const observer = { watch: () => ({ decided: ({ purpose }: Decision) => void seen.push(`watch ${purpose}`) }) };
    const unconfirmed = await connect({ transport: server, clock: server.clock, observe: [observer] });
    const configuring = unconfirmed.configure({});
    server.confirms();
    const session: ConfirmedSession<string> = await configuring;
    session.on('decision', ({ purpose }) => seen.push(`listener ${purpose}`));
    session.userTurn('begins');
    session.respond('greeting', { whenBlocked: 'refuse' });
    expect(seen).toEqual(['watch greeting', 'listener greeting']);
  });
});
