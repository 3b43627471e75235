import { describe, expect, it, vi } from 'vitest';
import { userMessage } from '../../src/helpers.js';
import { jsonSchema, tool } from '../../src/index.js';
import type { ConfirmedSession, ToolCall, ToolRound } from '../../types/index.js';
import { faultsOf, functionCall, rejection, ServerByHand, settles } from './by-hand.js';

const ends: [string, (server: ServerByHand, session: ConfirmedSession<string>) => void][] = [
  ['closed', (_, session) => void session.close()],
  ['hung up', (_, session) => void session.hangup()],
  ['lost', (server) => server.ends(1006)],
  ['expired', (server) => server.ends(1001)],
];

describe.each(ends)('once a session is %s', (_, end) => {
  it('every call does nothing: no frame, no timer, no fault, no throw', async () => {
    const server = new ServerByHand();
    const session = await server.opened();
    const faults = faultsOf(session);
    end(server, session);
    const ending = await session.closed;
    server.written.length = 0;
    session.send(userMessage('Well?'));
    session.appendAudio('AAAA');
    session.userTurn('begins');
    session.heard({ itemId: 'item_1', ms: 5 });
    session.interrupt();
    session.reconsider();
    session.respond('greeting', { interrupt: true });
    const update = session.update({ session: { instructions: 'Sing.' } });
    expect(await session.hangup({ farewell: { instructions: 'Bye.' } })).toEqual(ending);
    await session.close();
    expect(await rejection(update)).toMatchObject({ failure: { kind: 'lost' } });
    await settles();
    server.clock.advance(120_000);
    expect([server.written, faults, server.clock.pending]).toEqual([[], [], 0]);
    expect(session.state).toMatchObject({ connection: 'closed', dropped: 2 });
    expect(await session.closed).toEqual(ending);
  });

  it('no timer is left of what was under way', async () => {
    const run = () => new Promise(() => undefined);
    const look = tool({ name: 'look_up', description: 'Looks.', parameters: jsonSchema({ type: 'object' }), run });
    const server = new ServerByHand();
    const session = await server.opened({ tools: [look], recovery: {} });
    faultsOf(session);
    session.respond('greeting');
    server.creates('resp_1');
    server.says(functionCall('resp_1', 'call_1', 'look_up'));
    session.respond('nudge');
    void session.update({ session: { instructions: 'Sing.' } });
    server.says({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
    end(server, session);
    await session.closed;
    expect(server.clock.pending).toBe(0);
  });
});

it('a call of a tool that is read while the session closes is on record, and does not run', async () => {
  const run = vi.fn();
  const look = tool({ name: 'look_up', description: 'Looks.', parameters: jsonSchema({ type: 'object' }), run });
  const server = new ServerByHand({ closes: 'never' });
  const session = await server.opened({ tools: [look] });
  const rounds: ToolRound[] = [];
  session.on('tools', (round) => rounds.push(round));
  session.respond('greeting');
  server.creates('resp_1');
  void session.close();
  server.says(functionCall('resp_1', 'call_1', 'look_up'));
  await settles();
  server.ends(1000);
  expect(rounds).toMatchObject([{ responseId: 'resp_1', calls: [{ result: 'unsent' }], followUp: 'lost' }]);
  expect(run).not.toHaveBeenCalled();
});

it('a remark of a tool that hears of the end is refused, and does not throw', async () => {
  const verdicts: unknown[] = [];
  const run = (_: unknown, { signal, respond }: ToolCall<'look_up'>): Promise<never> =>
    new Promise(() => {
      signal.addEventListener('abort', () => verdicts.push(respond()));
    });
  const look = tool({ name: 'look_up', description: 'Looks.', parameters: jsonSchema({ type: 'object' }), run });
  const server = new ServerByHand();
  const session = await server.opened({ tools: [look] });
  session.respond('greeting');
  server.creates('resp_1');
  server.says(functionCall('resp_1', 'call_1', 'look_up'));
  await settles();
  server.ends(1006);
  expect(verdicts).toMatchObject([{ kind: 'refuse', by: 'closed' }]);
});

it('a handle that is cancelled after the end does nothing', async () => {
  const server = new ServerByHand();
  const session = await server.opened();
  const verdict = session.respond('greeting');
  const held = session.respond('nudge');
  server.creates('resp_1');
  server.ends(1006);
  server.written.length = 0;
  if (verdict.kind === 'admit') verdict.response.cancel();
  if (held.kind === 'hold') held.withdraw();
  expect(server.written).toEqual([]);
});

it('frames that come after the end are heard by nobody', async () => {
  const server = new ServerByHand();
  const session = await server.opened();
  const faults = faultsOf(session);
  const seen: unknown[] = [];
  session.on('event', (event) => seen.push(event));
  server.ends(1006);
  server.says({ type: 'late' }, { type: 'error', error: { code: 'late' } });
  expect([seen, faults]).toEqual([[], []]);
});
