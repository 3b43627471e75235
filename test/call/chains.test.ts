/** A chain of tools ends: after the maximum number of rounds, the model must speak. */
import { describe, expect, test } from 'vitest';
import { call, does } from './call.js';

const tools = [does('look_up', () => 'found')];
const limits = { toolRoundsInARow: 2 };

describe('a model that calls tools again and again', () => {
  test('may not call any once the limit is reached: it speaks, and the operator is told', async () => {
    const { session, server, watch, pass } = await call({ tools, limits });
    for (const _ of [1, 2]) server.calls('look_up');
    server.says('It is free.');
    session.respond('greeting');
    await pass(10_000);
    const follow = watch.sent('response.create').slice(1);
    expect(follow.map(({ response }) => (response as { tool_choice?: string }).tool_choice)).toEqual([
      undefined,
      'none',
    ]);
    expect(watch.rounds.map(({ followUp }) => followUp)).toEqual(['asked', 'asked']);
    expect(watch.complaints).toEqual([expect.stringMatching(/called tools in 2 responses in a row/)]);
  });

  test('and still calls one gets an answer, and is not asked again', async () => {
    const { session, server, watch, pass } = await call({ tools, limits });
    for (const _ of [1, 2, 3]) server.calls('look_up');
    session.respond('greeting');
    await pass(20_000);
    expect(watch.outputs).toEqual(['found', 'found', 'found']);
    expect(watch.rounds.map(({ followUp }) => followUp)).toEqual(['asked', 'asked', 'chain-ended']);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up', 'tool:look_up']);
  });

  test('and says nothing at the end is silent: recovery has the caller hear something', async () => {
    const { session, server, watch } = await call({ tools, limits, recovery: {} });
    for (const _ of [1, 2, 3, 4, 5]) server.calls('look_up');
    session.respond('greeting');
    await session.closed;
    expect(watch.spoken.slice(3)).toContain('silent-apology');
  });

  test('starts a new count for each requested answer', async () => {
    const { session, server, watch, pass } = await call({ tools, limits });
    for (const _ of [1, 2]) {
      server.calls('look_up');
      server.says('It is free.');
      session.respond('greeting');
      await pass(10_000);
    }
    expect(watch.complaints).toEqual([]);
  });
});
