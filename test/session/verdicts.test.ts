import { describe, expect, it, vi } from 'vitest';
import type { VerdictRecord } from '../../types/index.js';
import { ServerByHand } from './by-hand.js';

async function recorded() {
  const server = new ServerByHand();
  const session = await server.opened();
  const records: VerdictRecord[] = [];
  session.on('verdict', (record) => records.push(record));
  return { server, session, records };
}

describe('a verdict’s record', () => {
  it('says all of a request that is admitted', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    const { server, session, records } = await recorded();
    server.clock.advance(40);
    session.respond('greeting', { override: ['loop'] });
    vi.restoreAllMocks();
    expect(records).toEqual([
      {
        sessionId: 'sess_1',
        requestId: expect.any(String) as string,
        responseId: null,
        purpose: 'greeting',
        verdict: 'admit',
        by: null,
        heldBy: [],
        overrides: ['loop'],
        epoch: 1,
        askedAt: 40,
        settledAt: 40,
        sinceLastMs: null,
        wallTime: 1_700_000_000_000,
        outcome: null,
      },
    ]);
  });

  it('says how long a request waited, and for what', async () => {
    const { server, session, records } = await recorded();
    session.userTurn('begins');
    session.respond('greeting');
    server.clock.advance(250);
    session.userTurn('ends');
    expect(records).toMatchObject([{ verdict: 'admit', heldBy: ['user-speaking'], askedAt: 0, settledAt: 250 }]);
  });

  it('says for what a request waited, also where somebody has edited its verdict', async () => {
    const { session, records } = await recorded();
    session.userTurn('begins');
    const verdict = session.respond('greeting');
    if (verdict.kind === 'hold') (verdict.by as string[]).length = 0;
    session.userTurn('ends');
    expect(records).toMatchObject([{ verdict: 'admit', heldBy: ['user-speaking'] }]);
  });

  it('overrides nothing where somebody has edited it: a request that is put back is decided as it was asked', async () => {
    const { server, session } = await recorded();
    session.on('verdict', ({ overrides }) => (overrides as string[]).push('user-speaking'));
    session.respond('greeting', { response: { instructions: 'Say hello.' } });
    const { event_id } = server.last('response.create')!;
    session.userTurn('begins');
    server.says({ type: 'error', error: { event_id, code: 'conversation_already_has_active_response', message: '' } });
    server.says({ type: 'response.created', response: { id: 'resp_1', conversation_id: 'conv_1' } });
    server.completes('resp_1');
    expect(server.types()).toEqual(['response.create']);
    expect(session.state.held).toMatchObject([{ purpose: 'greeting', by: ['user-speaking'] }]);
  });

  it('says that a refusal is unsent, and by what', async () => {
    const { session, records } = await recorded();
    session.userTurn('begins');
    session.respond('greeting', { whenBlocked: 'refuse' });
    expect(records).toMatchObject([{ verdict: 'refuse', by: 'user-speaking', outcome: 'unsent' }]);
  });

  it('says how long ago the request before it was made', async () => {
    const { server, session, records } = await recorded();
    session.respond('greeting');
    server.clock.advance(30);
    session.respond('nudge', { whenBlocked: 'refuse' });
    expect(records.map(({ sinceLastMs }) => sinceLastMs)).toEqual([null, 30]);
  });

  it('has the id of its request, which the handle has too, and no other request has', async () => {
    const { session, records } = await recorded();
    const verdict = session.respond('greeting');
    session.respond('nudge', { whenBlocked: 'refuse' });
    const ids = records.map(({ requestId }) => requestId);
    expect(verdict.kind === 'admit' && verdict.response.requestId).toBe(ids[0]);
    expect(new Set(ids).size).toBe(2);
  });

  it('names the server’s own answer that a request was merged into', async () => {
    const { server, session, records } = await recorded();
    session.send({
      type: 'conversation.item.create',
      item: { id: 'item_mine', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Well?' }] },
    });
    server.says({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    const verdict = session.respond('reply');
    server.says(
      { type: 'conversation.item.added', item: { id: 'item_mine' } },
      { type: 'input_audio_buffer.speech_stopped', item_id: 'item_1' },
      { type: 'input_audio_buffer.committed', item_id: 'item_1' },
      { type: 'response.created', response: { id: 'resp_own', conversation_id: 'conv_1' } },
      { type: 'response.output_item.added', response_id: 'resp_own', item: { id: 'item_2', type: 'message' } },
    );
    expect(records).toMatchObject([{ purpose: 'reply', verdict: 'merge', responseId: 'resp_own', outcome: null }]);
    const settled = verdict.kind === 'hold' ? await verdict.settled : null;
    expect(settled?.kind === 'merge' && settled.response.requestId).toBe(null);
  });
});

describe('handle.requestId', () => {
  it('is that of its request also where the response comes after nobody waits for it any more', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const told: (string | null)[] = [];
    session.on('response', ({ requestId }) => told.push(requestId));
    const verdict = session.respond('greeting');
    server.lives();
    server.clock.advance(11_000);
    expect((await verdict.done).status).not.toBe('completed');
    server.creates('resp_1');
    expect(told).toEqual([verdict.kind === 'admit' && verdict.response.requestId]);
  });

  it('is null for what the server made by itself', async () => {
    const { server, session } = await recorded();
    const told: unknown[] = [];
    session.on('response', ({ requestId }) => told.push(requestId));
    server.says({ type: 'response.created', response: { id: 'resp_own', conversation_id: 'conv_1' } });
    expect(told).toEqual([null]);
  });

  it('tells the requests of the session itself from the program’s', async () => {
    const { session, records } = await recorded();
    void session.hangup({ farewell: { instructions: 'Bye.' } });
    expect(records).toMatchObject([{ purpose: 'farewell', requestId: 'req_s1' }]);
  });
});
