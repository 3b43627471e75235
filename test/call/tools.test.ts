import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { tool } from '../../src/index.js';
import { call, callOf, does, next, promised } from './call.js';

describe('a round of tools', () => {
  test('starts a call as soon as it is whole, before its response has ended', async () => {
    const order: string[] = [];
    const look = does('look_up', () => void order.push('run'));
    const { session, server } = await call({ tools: [look] });
    session.on('response.done', () => order.push('response.done'));
    server.calls('look_up');
    session.respond('greeting');
    await next(session, 'tools');
    expect(order).toEqual(['run', 'response.done']);
  });

  test('runs its calls in parallel, sends each output as it is ready, and asks for one follow-up after the last', async () => {
    const slow = promised<string>();
    const fast = promised<string>();
    const tools = [does('slow', () => slow.promise), does('fast', () => fast.promise)];
    const { session, server, watch, pass } = await call({ tools });
    server.replies({
      items: [
        { calls: 'slow', args: '{}' },
        { calls: 'fast', args: '{}' },
      ],
    });
    session.respond('greeting');
    await pass(2_000);
    fast.resolve('fast');
    await pass(100);
    expect(watch.outputs).toEqual(['fast']);
    expect(watch.spoken).toEqual(['greeting']);
    slow.resolve('slow');
    await pass(2_000);
    expect(watch.outputs).toEqual(['fast', 'slow']);
    expect(watch.spoken).toEqual(['greeting', 'tool:slow']);
    expect(watch.rounds).toHaveLength(1);
  });

  test('sends no output twice and no create between the outputs, whatever the order in which they end', async () => {
    const tools = ['a', 'b', 'c'].map((name, place) =>
      does(name, async () => {
        await later(300 - place * 100);
        return name;
      }),
    );
    const { session, server, watch, pass, clock } = await call({ tools });
    const later = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
    server.replies({ items: ['a', 'b', 'c'].map((calls) => ({ calls, args: '{}' })) });
    session.respond('greeting');
    await pass(5_000);
    const order = watch
      .sent()
      .map(({ type: each }) => each)
      .filter((each) => each !== 'session.update');
    const output = 'conversation.item.create';
    expect(order).toEqual(['response.create', output, output, output, 'response.create']);
  });

  test('waits for response.done before its follow-up, however fast the tool', async () => {
    const { session, server, watch } = await call({ tools: [does('look_up', () => 'found')] });
    server.calls('look_up');
    session.respond('greeting');
    await next(session, 'tools');
    const doneAt = server.passages.findIndex(({ text }) => text.includes('"response.done"'));
    const creates = server.passages.flatMap(({ text }, at) => (text.includes('"response.create"') ? [at] : []));
    expect(creates[1]).toBeGreaterThan(doneAt);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up']);
  });

  test('of a silent tool has no follow-up', async () => {
    const { session, server, watch, pass } = await call({ tools: [does('note', () => 'ok', { reply: 'silent' })] });
    server.calls('note');
    session.respond('greeting');
    await pass(5_000);
    expect([watch.outputs, watch.spoken]).toEqual([['ok'], ['greeting']]);
    expect(watch.rounds).toMatchObject([{ followUp: 'silent' }]);
  });

  test.each([
    { found: 1, spoken: ['greeting', 'tool:search'] },
    { found: 0, spoken: ['greeting'] },
  ])('asks what to do by the result: $found found', async ({ found, spoken }) => {
    const search = tool({
      name: 'search',
      description: '',
      parameters: z.object({}),
      run: () => Promise.resolve({ found }),
      reply: (result) => (result.found > 0 ? 'respond' : 'silent'),
    });
    const { session, server, watch, pass } = await call({ tools: [search] });
    server.calls('search');
    session.respond('greeting');
    await pass(3_000);
    expect(watch.spoken).toEqual(spoken);
  });

  test('is answered aloud if any of its tools wants that', async () => {
    const tools = [does('note', () => 'ok', { reply: 'silent' }), does('look_up', () => 'found')];
    const { session, server, watch, pass } = await call({ tools });
    server.replies({
      items: [
        { calls: 'note', args: '{}' },
        { calls: 'look_up', args: '{}' },
      ],
    });
    session.respond('greeting');
    await pass(3_000);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up']);
  });

  test('of a response that was cancelled is not followed up, and says so', async () => {
    const { session, server, watch, pass } = await call({ tools: [does('look_up', () => 'found')] });
    server.replies({ items: [{ calls: 'look_up', args: '{}' }, { says: 'Let me see, this will take a moment.' }] });
    const verdict = session.respond('greeting');
    session.on('response.output_item.done', () => verdict.kind === 'admit' && verdict.response.cancel());
    await pass(5_000);
    expect(watch.outputs).toEqual(['found']);
    expect(watch.spoken).toEqual(['greeting']);
    expect(watch.rounds).toMatchObject([{ followUp: 'cancelled' }]);
  });

  test('does not run a call that was cut off', async () => {
    let runs = 0;
    const { session, server, watch, pass } = await call({ tools: [does('look_up', () => runs++)] });
    const status = { status: 'incomplete', reason: 'max_output_tokens' } as const;
    server.replies({ items: [{ calls: 'look_up', args: '{}' }], ...status });
    session.respond('greeting');
    await pass(5_000);
    expect([runs, watch.outputs, watch.rounds]).toEqual([0, [], []]);
  });

  test('of a response that never ends is recorded as lost, its outputs sent', async () => {
    const { server, watch, pass } = await call({
      tools: [does('look_up', () => 'found')],
      limits: { responseMs: 500 },
    });
    server.injects(callOf('resp_endless', 'call_1'));
    await pass(2_000);
    expect(watch.outputs).toEqual(['found']);
    expect(watch.rounds).toMatchObject([{ responseId: 'resp_endless', followUp: 'lost' }]);
  });

  test('counts a call_id once, however often it is told', async () => {
    let runs = 0;
    const { session, server, watch, pass } = await call({ tools: [does('look_up', () => ++runs)] });
    server.calls('look_up');
    session.respond('greeting');
    const item = await new Promise<object>((resolve) => void session.on('response.output_item.done', resolve));
    server.injects(item as { type: string });
    server.injects(item as { type: string });
    await pass(3_000);
    expect([runs, watch.outputs]).toEqual([1, [1]]);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up']);
  });
});

describe('a tool that fails', () => {
  const failing = async (tools: Parameters<typeof does>[1] | null, args: string, timeoutMs = 1_000) => {
    const { session, server, watch, pass } = await call({
      tools: tools ? [does('look_up', tools, { timeoutMs })] : [],
    });
    server.calls('look_up', args);
    session.respond('greeting');
    await pass(5_000);
    return watch;
  };

  test('by throwing: the model is told that it failed, and nothing internal; the operator sees the error', async () => {
    const watch = await failing(() => {
      throw new Error('password=hunter2 at db.internal');
    }, '{}');
    expect(JSON.stringify(watch.sent())).not.toMatch(/hunter2|db\.internal/);
    expect(watch.outputs).toMatchObject([{ error: expect.stringMatching(/failed/) as string }]);
    expect(watch.complaints).toEqual(["The tool 'look_up' failed: password=hunter2 at db.internal"]);
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'failed' }], followUp: 'asked' }]);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up']);
  });

  test('by rejecting, with what is no error at all', async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what users do
    const watch = await failing(() => Promise.reject('no'), '{}');
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'failed' }] }]);
    expect(watch.faults).toHaveLength(1);
  });

  test('by taking too long: it is aborted, the model told, and the late result dropped', async () => {
    const signals: AbortSignal[] = [];
    const watch = await failing(
      (_, { signal }) => {
        signals.push(signal);
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve('too late')));
      },
      '{}',
      700,
    );
    expect(signals[0]?.aborted).toBe(true);
    expect(watch.outputs).toMatchObject([{ error: expect.stringMatching(/in time/) as string }]);
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'timed-out', ms: 700 }], followUp: 'asked' }]);
    expect(watch.complaints).toEqual(["The tool 'look_up' did not answer within 700 ms."]);
  });

  test('by taking too long over its arguments: it is not run after that', async () => {
    const checked = promised<boolean>();
    const run = vi.fn(() => 'booked');
    const book = tool({
      name: 'book',
      description: 'Books.',
      parameters: z.object({}).refine(() => checked.promise),
      timeoutMs: 700,
      run,
    });
    const { session, server, watch, pass } = await call({ tools: [book] });
    server.calls('book');
    session.respond('greeting');
    await pass(5_000);
    checked.resolve(true);
    await pass(100);
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'timed-out' }] }]);
    expect(run).not.toHaveBeenCalled();
  });

  test('once it is not waited for any longer: the operator sees that error too', async () => {
    const watch = await failing(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('half booked')));
        }),
      '{}',
      700,
    );
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'timed-out' }] }]);
    expect(watch.complaints).toEqual([
      "The tool 'look_up' did not answer within 700 ms.",
      'The tool failed: half booked',
    ]);
  });

  test('by getting bad JSON: the model is asked to call again', async () => {
    const watch = await failing(() => 'never', '{"day": ');
    expect(watch.outputs).toMatchObject([{ error: expect.stringMatching(/not valid JSON/) as string }]);
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'invalid' }], followUp: 'asked' }]);
  });

  test('by not existing: the model is told so, and answers', async () => {
    const watch = await failing(null, '{}');
    expect(watch.outputs).toMatchObject([{ error: "There is no tool named 'look_up'." }]);
    expect(watch.spoken).toEqual(['greeting', 'tool:look_up']);
    expect(watch.rounds).toMatchObject([{ calls: [{ result: 'unknown' }] }]);
  });

  test('in its `reply` only: what it did is done, the output is sent, and the model speaks', async () => {
    const book = tool({
      name: 'book',
      description: '',
      parameters: z.object({}),
      run: () => 'booked',
      reply: () => {
        throw new Error('undecided');
      },
    });
    const { session, server, watch, pass } = await call({ tools: [book] });
    server.calls('book');
    session.respond('greeting');
    await pass(3_000);
    expect([watch.outputs, watch.spoken]).toEqual([['booked'], ['greeting', 'tool:book']]);
    expect(watch.complaints).toEqual(["The reply of the tool 'book' cannot be used: undecided"]);
  });

  test('does not break the others of its round', async () => {
    const tools = [
      does('bad', () => {
        throw new Error('bad');
      }),
      does('good', () => 'good'),
    ];
    const { session, server, watch, pass } = await call({ tools });
    server.replies({
      items: [
        { calls: 'bad', args: '{}' },
        { calls: 'good', args: '{}' },
      ],
    });
    session.respond('greeting');
    await pass(3_000);
    expect(watch.outputs).toHaveLength(2);
    expect(watch.spoken).toEqual(['greeting', 'tool:bad']);
  });
});
