import { describe, expect, test } from 'vitest';
import type { AnySession } from '../../types/index.js';
import { call, callOf, does, promised, toldToAll } from './call.js';

/** A call in which the tool `look_up` runs until the test gives it a result. */
async function withSlowTool(limits: { readonly holdForMs?: number } = {}, timeoutMs = 30_000) {
  const found = promised<string>();
  const signals: AbortSignal[] = [];
  const look = does(
    'look_up',
    (_, { signal }) => {
      signals.push(signal);
      return found.promise;
    },
    { timeoutMs },
  );
  const made = await call({ tools: [look], limits });
  made.server.calls('look_up');
  made.session.respond('greeting');
  await made.pass(1_000);
  const isAborted = (): boolean | undefined => signals[0]?.aborted;
  return { ...made, finds: found.resolve, isAborted };
}

describe('a tool that finishes after the conversation has moved on', () => {
  test('delivers its output at once, and its follow-up is held while the user speaks', async () => {
    const { server, watch, pass, finds } = await withSlowTool();
    server.caller.begins();
    await pass(100);
    finds('found');
    await pass(100);
    expect(watch.outputs).toEqual(['found']);
    expect(watch.spoken).toEqual(['greeting']);
  });

  test('has its follow-up merged into the answer that the server gives by itself, which has seen the output', async () => {
    const { server, watch, pass, finds } = await withSlowTool();
    server.caller.begins();
    await pass(100);
    finds('found');
    await pass(1_000);
    server.says('It is free.');
    server.caller.ends('Hello?');
    await pass(5_000);
    expect(watch.spoken).toEqual(['greeting']);
    expect(watch.verdicts.at(-1)).toMatchObject({ purpose: 'tool:look_up', verdict: 'merge' });
  });

  test('has a follow-up of its own where the answer had not seen the output', async () => {
    const { server, watch, pass, finds } = await withSlowTool();
    server.says('One moment, please, I am still looking.', { ms: 3_000 });
    server.caller.speaks('Hello?', { ms: 300 });
    await pass(900);
    finds('found');
    await pass(10_000);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up']);
    expect(watch.verdicts.at(-1)).toMatchObject({ verdict: 'admit', heldBy: ['response-active'] });
  });

  test('has its follow-up expire where it would have to wait for too long, on record', async () => {
    const { server, watch, pass, finds } = await withSlowTool({ holdForMs: 500 });
    server.caller.begins();
    await pass(100);
    finds('found');
    await pass(2_000);
    expect(watch.verdicts.at(-1)).toMatchObject({ purpose: 'tool:look_up', verdict: 'refuse', by: 'expired' });
    expect(watch.rounds).toMatchObject([{ followUp: 'asked' }]);
  });

  test('shares one create with another round that waits', async () => {
    const { server, watch, pass, finds } = await withSlowTool();
    server.calls('look_up');
    server.caller.speaks('And the other?', { ms: 300 });
    await pass(2_000);
    server.caller.begins();
    await pass(10);
    finds('both');
    await pass(100);
    server.misbehaves({ preCreated: 'swallow' });
    expect(watch.outputs).toEqual(['both', 'both']);
    server.caller.ends('Well?');
    await pass(5_000);
    expect(watch.spoken.filter((each) => each === 'tool:look_up').length).toBeLessThanOrEqual(1);
    expect(watch.rounds).toHaveLength(2);
  });
});

describe('a remark while a slow tool runs', () => {
  test('goes through the gate like anything else, in the name of the tool, and the follow-up comes after it', async () => {
    const found = promised<string>();
    const look = does('look_up', (_, { respond }) => {
      respond({ response: { instructions: 'Say that you are looking.' } });
      return found.promise;
    });
    const { session, server, watch, pass } = await call({ tools: [look] });
    server.calls('look_up');
    server.says('Let me look.');
    session.respond('greeting');
    await pass(2_000);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up']);
    expect(watch.verdicts[1]).toMatchObject({ verdict: 'admit', heldBy: ['response-active'] });
    found.resolve('found');
    await pass(2_000);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up', 'tool:look_up']);
    expect(watch.sent('response.create')[2]).not.toHaveProperty('response.instructions');
  });

  test('is refused like anything else once the call is ending', async () => {
    const verdicts: string[] = [];
    const look = does('look_up', (_, { signal, respond }) => {
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          const verdict = respond();
          resolve(verdicts.push(verdict.kind === 'refuse' ? verdict.by : verdict.kind));
        });
      });
    });
    const { session, server, pass } = await call({ tools: [look] });
    server.calls('look_up');
    session.respond('greeting');
    await pass(1_000);
    await session.hangup({ farewell: { instructions: 'Bye.' } });
    expect(verdicts).toEqual(['hangup-pending']);
  });
});

describe('the signal of a tool is aborted', () => {
  test('by hangup()', async () => {
    const { session, isAborted } = await withSlowTool();
    expect(isAborted()).toBe(false);
    void session.hangup({ farewell: { instructions: 'Bye.' } });
    expect(isAborted()).toBe(true);
  });

  test('by close(), at once', async () => {
    const { session, isAborted } = await withSlowTool();
    void session.close();
    await Promise.resolve();
    expect(isAborted()).toBe(true);
  });

  test('by a lost socket', async () => {
    const { server, watch, isAborted } = await withSlowTool();
    server.drop();
    await toldToAll();
    expect(isAborted()).toBe(true);
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'unsent' }], followUp: 'lost' }]);
    expect(watch.verdicts).toMatchObject([{ purpose: 'greeting' }]);
  });

  test('already when it starts while a hang-up is pending', async () => {
    const states: boolean[] = [];
    const look = does('look_up', (_, { signal }) => states.push(signal.aborted));
    const { session, server, pass } = await call({ tools: [look] });
    server.replies({ items: [{ says: 'One moment.' }, { calls: 'look_up', args: '{}' }] });
    session.respond('greeting');
    await pass(460);
    void session.hangup({ farewell: { instructions: 'Bye.' } });
    await pass(1_000);
    expect(states).toEqual([true]);
  });
});

describe('a tool that throws once it has been told that the call is ending', () => {
  const throwing = async (make: (reason: unknown) => unknown) => {
    const look = does('look_up', (_, { signal }) => {
      return new Promise((_resolve, reject) => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what the signal gives
        signal.addEventListener('abort', () => reject(make(signal.reason)));
      });
    });
    const { session, server, watch, pass } = await call({ tools: [look] });
    server.calls('look_up');
    session.respond('greeting');
    await pass(1_000);
    void session.hangup({ farewell: { instructions: 'Bye.' } });
    await pass(100);
    return watch;
  };

  test('has failed where that is an error of its own, and the operator sees it', async () => {
    const watch = await throwing(() => new Error('half booked'));
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'failed' }] }]);
    expect(watch.complaints).toEqual(["The tool 'look_up' failed: half booked"]);
  });

  test.each<[string, (reason: unknown) => unknown]>([
    ['the reason that it was given', (reason) => reason],
    ['an AbortError', () => new DOMException('Aborted.', 'AbortError')],
  ])('was stopped where that is %s, and the model may call again', async (_, make) => {
    const watch = await throwing(make);
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'aborted' }] }]);
    expect(watch.outputs).toMatchObject([{ error: expect.stringMatching(/call again/) as string }]);
    expect(watch.complaints).toEqual([]);
  });
});

describe('a tool that hangs up', () => {
  test('has no output to give: recorded, not lost', async () => {
    let ending: unknown;
    const bye = does('end_call', async (_, { session }) => {
      ending = await session.hangup({ farewell: { instructions: 'Say goodbye.' } });
    });
    const { session, server, watch } = await call({ tools: [bye] });
    server.calls('end_call');
    server.says('Goodbye.');
    session.respond('greeting');
    await session.closed;
    await toldToAll();
    expect(ending).toEqual({ kind: 'hung-up', farewell: 'heard' });
    expect(watch.spoken).toEqual(['greeting', 'farewell']);
    expect(watch.outputs).toEqual([]);
    expect(watch.rounds).toMatchObject([{ calls: [{ name: 'end_call', result: 'unsent' }], followUp: 'lost' }]);
    expect(watch.verdicts).toMatchObject([{ purpose: 'greeting' }, { purpose: 'farewell' }]);
  });

  test('and is called off by the user gives the model its output, and the call goes on', async () => {
    const bye = does('end_call', async (_, { session }) => session.hangup({ farewell: { instructions: 'Bye.' } }));
    const { session, server, watch, pass } = await call({ tools: [bye] });
    server.calls('end_call');
    server.says('Goodbye, and have a very nice day.');
    session.respond('greeting');
    await pass(1_500);
    server.caller.speaks('Wait!');
    await pass(5_000);
    expect(watch.outputs).toEqual([{ kind: 'resumed' }]);
    expect(session.state.connection).toBe('open');
  });
});

test('a tool that ignores a hang-up which the user called off is still bounded by its timeout', async () => {
  const { session, server, watch, pass } = await withSlowTool({}, 4_000);
  const ended = session.hangup({ farewell: { instructions: 'Bye.' } });
  await pass(500);
  server.caller.speaks('Wait!');
  expect(await ended).toEqual({ kind: 'resumed' });
  await pass(10_000);
  expect(watch.outputs).toMatchObject([{ error: expect.stringMatching(/in time/) as string }]);
  expect(watch.rounds).toMatchObject([{ calls: [{ result: 'timed-out' }] }]);
});

test('tools are handed the session: they may send, update and hang up', async () => {
  const seen: AnySession[] = [];
  const look = does('look_up', async (_, { session }) => {
    seen.push(session);
    await session.update({ session: { instructions: 'Be kind.' } });
    return 'updated';
  });
  const { session, server, watch, pass } = await call({ tools: [look] });
  server.calls('look_up');
  session.respond('greeting');
  await pass(3_000);
  expect(seen).toEqual([session]);
  expect(watch.outputs).toEqual(['updated']);
  expect(watch.spoken).toEqual(['greeting', 'tool:look_up']);
});

test('the follow-up of a tool waits for an update that is in flight', async () => {
  const look = does('look_up', (_, { session }) => void session.update({ session: { instructions: 'Be kind.' } }));
  const { session, server, watch, pass } = await call({ tools: [look] }, { latency: { update: 1_000 } });
  server.calls('look_up');
  session.respond('greeting');
  await pass(3_000);
  expect(watch.verdicts.at(-1)).toMatchObject({ purpose: 'tool:look_up', heldBy: ['unconfirmed'], verdict: 'admit' });
});

test('tools that an update takes away answer as unknown, and new ones run', async () => {
  const { session, server, watch, pass } = await call({ tools: [does('old', () => 'old')] });
  await session.update({ tools: [does('fresh', () => 'fresh')] });
  server.calls('old');
  session.respond('greeting');
  await pass(2_000);
  server.calls('fresh');
  session.respond('again');
  await pass(2_000);
  expect(watch.outputs).toMatchObject([{ error: "There is no tool named 'old'." }, 'fresh']);
});

describe('hosted MCP tools', () => {
  const mcp = {
    type: 'mcp',
    server_label: 'calendar',
    server_url: 'https://mcp.example',
    require_approval: 'always',
  } as const;

  test('pass through untouched', async () => {
    const { watch } = await call({ tools: [mcp, does('look_up', () => 'found')] });
    expect(watch.sent('session.update')[0]).toMatchObject({ session: { tools: [mcp, { name: 'look_up' }] } });
  });

  test('run at the server: their calls and approval requests start nothing here', async () => {
    const { session, server, watch, pass } = await call({ tools: [mcp] });
    server.says('Checking.');
    const { done } = session.respond('greeting');
    const item = { id: 'item_mcp', type: 'mcp_call', status: 'completed', name: 'list', arguments: '{}' };
    server.injects({ ...callOf('resp_none', 'x'), item });
    const approval = { id: 'item_ask', type: 'mcp_approval_request', name: 'list', arguments: '{}' };
    server.injects({ ...callOf('resp_none', 'x'), item: approval });
    await done;
    await pass(1_000);
    expect([watch.outputs, watch.rounds]).toEqual([[], []]);
  });

  test('are approved by an item of the user’s own, sent as it is', async () => {
    const { session, watch } = await call({ tools: [mcp] });
    const item = {
      type: 'mcp_approval_response',
      id: 'item_1',
      approval_request_id: 'item_ask',
      approve: true,
    } as const;
    session.send({ type: 'conversation.item.create', item });
    expect(watch.sent('conversation.item.create')[0]).toMatchObject({ item });
  });
});

test('calls of an out-of-band response do not run: their outputs have no place in the conversation', async () => {
  let runs = 0;
  const { session, server, watch, pass } = await call({ tools: [does('look_up', () => ++runs)] });
  server.calls('look_up', {}, { lane: 'out-of-band' });
  session.respond('classify', { response: { conversation: 'none' } });
  await pass(3_000);
  expect([runs, watch.outputs, watch.rounds]).toEqual([0, [], []]);
});
