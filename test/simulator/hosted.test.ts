import { describe, expect, it } from 'vitest';
import { createSimulator, parseScript, virtualClock } from '../../src/simulator/index.js';
import type { ReplyMcpCall } from '../../src/simulator/index.js';
import { create, machine, runs, update } from './machine.js';

const call: ReplyMcpCall = { mcp: 'lab', name: 'projects', args: '{"of":"me"}', output: '["a"]', tookMs: 500 };

function playing(...items: readonly any[]) {
  const server = machine();
  server.reply({ items });
  server.forget();
  server.send(create());
  return server;
}

const lab = { type: 'mcp', server_label: 'lab', server_url: 'https://lab.example/mcp' };
const projects = { name: 'projects', description: 'Lists them.', parameters: { type: 'object', properties: {} } };

describe('the tools of a hosted server', () => {
  const listing = (hosted: object, tool: object = {}) => {
    const server = machine();
    server.happen({ type: 'hosts', label: 'lab', hosted });
    server.forget();
    server.send(update({ tools: [{ ...lab, ...tool }] }));
    server.settle();
    return server;
  };

  it('are listed once the session has them, as an item that is done when they are there', () => {
    const server = listing({ tools: [projects] });
    expect(server.types()).toEqual([
      'session.updated',
      'conversation.item.added',
      'mcp_list_tools.in_progress',
      'mcp_list_tools.completed',
      'conversation.item.done',
    ]);
    const { item } = server.last('conversation.item.added');
    expect(item).toEqual({
      id: expect.stringMatching(/^item_/),
      type: 'mcp_list_tools',
      server_label: 'lab',
      tools: [],
    });
    expect(server.last('mcp_list_tools.completed')).toMatchObject({ item_id: item.id });
    const { name, description, parameters } = projects;
    expect(server.last('conversation.item.done').item.tools).toEqual([
      { name, description, input_schema: parameters, annotations: null },
    ]);
  });

  it('cannot be listed where the server is not reached', () => {
    const server = listing({ state: 'unreachable', tools: [projects] });
    expect(server.types()).toContain('mcp_list_tools.failed');
    expect(server.last('conversation.item.done').item.tools).toEqual([]);
  });

  it('are those that are allowed; of a server that nothing is known of, all that are allowed by name', () => {
    const names = (server: ReturnType<typeof machine>) =>
      server.last('conversation.item.done').item.tools.map(({ name }: { name: string }) => name);
    const two = { tools: [projects, { name: 'delete' }] };
    expect(names(listing(two, { allowed_tools: ['delete'] }))).toEqual(['delete']);
    expect(names(listing(two, { allowed_tools: { tool_names: ['projects'] } }))).toEqual(['projects']);
    expect(names(listing({}, { allowed_tools: ['one', 'two'] }))).toEqual(['one', 'two']);
    expect(names(listing({}))).toEqual([]);
  });

  it('are listed again only when they are another server, and for one response where it alone has them', () => {
    const server = listing({ tools: [projects] });
    server.send(update({ tools: [lab] }));
    server.send(update({ instructions: 'x' }));
    server.settle();
    expect(server.all('mcp_list_tools.completed')).toHaveLength(1);
    server.send(create({ tools: [{ ...lab, server_label: 'other' }] }));
    server.settle();
    expect(server.all('mcp_list_tools.completed')).toHaveLength(2);
  });
});

describe('a call of a hosted tool', () => {
  it('is made in the response, runs after it, and is told when it has ended', () => {
    const server = playing(call);
    server.settle();
    expect(runs(server.types())).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.mcp_call_arguments.delta x9',
      'response.mcp_call_arguments.done',
      'response.mcp_call.in_progress',
      'response.done',
      'rate_limits.updated',
      'response.mcp_call.completed',
      'conversation.item.done',
      'response.output_item.done',
    ]);
    const [added, done] = [server.last('response.output_item.added'), server.last('response.output_item.done')];
    expect(added.item).toEqual({
      id: expect.stringMatching(/^item_/),
      type: 'mcp_call',
      server_label: 'lab',
      name: 'projects',
      arguments: '',
      approval_request_id: null,
      output: null,
      error: null,
    });
    expect(server.last('response.done').response.output).toEqual([{ ...added.item, arguments: '{"of":"me"}' }]);
    expect(done.item).toEqual({ ...added.item, arguments: '{"of":"me"}', output: '["a"]' });
    expect(done.response_id).toBe(server.last('response.done').response.id);
  });

  it('is told without the id of its response, and ends so long after it as it takes', () => {
    const server = playing(call);
    server.settle();
    for (const what of ['in_progress', 'completed']) {
      const event = server.last(`response.mcp_call.${what}`);
      expect(Object.keys(event)).toEqual(['type', 'event_id', 'item_id', 'output_index']);
      expect(event).toMatchObject({ item_id: server.last('response.output_item.added').item.id, output_index: 0 });
    }
    const again = playing(call);
    again.advance(2000);
    expect(again.types()).toContain('response.mcp_call.completed');
    const slow = playing({ ...call, tookMs: 5000 });
    slow.advance(5000);
    expect(slow.types()).toContain('response.done');
    expect(slow.types()).not.toContain('response.mcp_call.completed');
  });

  it('can fail', () => {
    const server = playing({ mcp: 'lab', name: 'projects', error: 'No such user.' });
    server.settle();
    expect(server.types()).not.toContain('response.mcp_call.completed');
    expect(server.types()).toContain('response.mcp_call.failed');
    expect(server.last('response.output_item.done').item).toMatchObject({
      arguments: '{}',
      output: null,
      error: { type: 'tool_execution_error', message: 'No such user.' },
    });
  });

  it('is not answered by itself; the next response knows its result', () => {
    const server = playing(call);
    server.settle();
    expect(server.all('response.created')).toHaveLength(1);
    server.send(create());
    server.settle();
    expect(server.last('response.output_audio_transcript.done').transcript).toBe('I looked it up: ["a"]');
  });

  it('leaves the slot free while it runs, and may stand beside words and calls of the client', () => {
    const server = playing({ says: 'One moment.' }, call, { calls: 'f', args: '{}' }, { ...call, tookMs: 100 });
    server.advance(2500);
    expect(server.errorFor(create())).toBeUndefined();
    server.settle();
    expect(server.all('response.mcp_call.completed').map(({ output_index }) => output_index)).toEqual([3, 1]);
  });

  it('does not run if it was cut, and its item is closed', () => {
    const server = playing({ says: 'Let me look for it.' }, call);
    server.advance(620);
    server.send({ type: 'response.cancel' });
    server.settle();
    expect(server.types()).toContain('response.mcp_call_arguments.done');
    expect(server.types().filter((type) => type.startsWith('response.mcp_call.'))).toEqual([]);
    expect(server.all('response.output_item.done')).toHaveLength(2);
  });
});

describe('a call of a hosted tool that has to be approved', () => {
  const asking = { ...call, approval: 'required' as const };
  const answer = (approval_request_id: string, approve: boolean) => ({
    type: 'conversation.item.create',
    item: { type: 'mcp_approval_response', approval_request_id, approve },
  });
  const asked = (server: ReturnType<typeof machine>) => server.last('response.output_item.done').item;

  it('is asked for by an item of its own, and does not run before it is approved', () => {
    const server = playing(asking);
    server.settle();
    expect(runs(server.types())).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    const item = { type: 'mcp_approval_request', server_label: 'lab', name: 'projects', arguments: '{"of":"me"}' };
    expect(asked(server)).toEqual({ id: expect.stringMatching(/^item_/), ...item });
  });

  it('is a new item once it is approved, which names the question', () => {
    const server = playing(asking);
    server.settle();
    const question = asked(server).id;
    server.forget();
    server.send(answer(question, true));
    server.settle();
    expect(server.types()).toEqual([
      'conversation.item.added',
      'conversation.item.done',
      'response.output_item.added',
      'conversation.item.added',
      'response.mcp_call.in_progress',
      'response.mcp_call.completed',
      'conversation.item.done',
      'response.output_item.done',
    ]);
    const { item } = server.last('response.output_item.done');
    expect(item).toMatchObject({ type: 'mcp_call', approval_request_id: question, output: '["a"]', error: null });
    expect(item.id).not.toBe(question);
    expect(server.last('response.mcp_call.completed').item_id).toBe(item.id);
    server.send(answer(question, true));
    server.settle();
    expect(server.all('response.mcp_call.completed')).toHaveLength(1);
  });

  it('can be approved before its response is done', () => {
    const server = machine({ latency: { done: 1000 } });
    server.reply({ items: [asking] });
    server.send(create());
    server.advance(500);
    expect(server.types()).not.toContain('response.done');
    server.send(answer(asked(server).id, true));
    server.settle();
    expect(server.all('response.mcp_call.completed')).toHaveLength(1);
  });

  it('gets no further event when it is denied', () => {
    const server = playing(asking);
    server.settle();
    server.forget();
    server.send(answer('item_unknown', true));
    server.settle();
    const { approvals } = server.server.session!;
    expect(approvals).toHaveLength(1);
    server.forget();
    server.send(answer(approvals[0]!.item, false));
    server.settle();
    expect(server.types()).toEqual(['conversation.item.added', 'conversation.item.done']);
    expect(server.server.session!.approvals).toEqual([]);
  });
});

describe('a script', () => {
  it('can have calls of hosted tools, and answers that are not what was asked for', () => {
    const items = [
      call,
      { mcp: 'lab', name: 'x', error: 'no', approval: 'required' },
      { says: 'Hm.', modality: 'text' },
    ];
    const script = { steps: [{ replies: { items } }, { says: 'Hm.', modality: 'text' }] };
    expect(parseScript(JSON.stringify(script))).toEqual(script);
    const wrong = { steps: [{ replies: { items: [{ ...call, approval: 'perhaps' }] } }] };
    expect(() => parseScript(JSON.stringify(wrong))).toThrow('approval');
  });
});

describe('the controls', () => {
  it('say that an answer is written', async () => {
    const simulator = createSimulator({ clock: virtualClock() });
    const opening = simulator.transport.open({ frame: () => {}, gone: () => {} }, new AbortController().signal);
    simulator.clock.advance(100);
    const line = await opening;
    simulator.says('Hm.', { modality: 'text' });
    line.send(JSON.stringify(create()));
    simulator.clock.runUntilIdle();
    expect(simulator.sent.map(({ type }) => type)).toContain('response.output_text.done');
  });
});
