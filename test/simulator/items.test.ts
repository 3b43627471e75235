import { describe, expect, it } from 'vitest';
import { create, machine, userText } from './machine.js';

describe('conversation.item.create', () => {
  it('is answered by added and done together, with the same place and the wire form of the item', () => {
    const server = machine();
    server.forget();
    server.send(userText('Hi.'));
    server.settle();
    expect(server.types()).toEqual(['conversation.item.added', 'conversation.item.done']);
    const [added, done] = server.frames();
    expect(added.item).toEqual({
      id: expect.stringMatching(/^item_[0-9A-Za-z]{21}$/),
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_text', text: 'Hi.' }],
    });
    expect(done.item).toEqual(added.item);
    expect([added.previous_item_id, done.previous_item_id]).toEqual([null, null]);
  });

  it('appends, puts first, or puts behind a given item', () => {
    const server = machine();
    server.send(userText('b', 'b'));
    server.send(userText('d', 'd'));
    server.send({ ...userText('a', 'a'), previous_item_id: 'root' });
    server.send({ ...userText('c', 'c'), previous_item_id: 'b' });
    server.settle();
    expect(server.server.session!.items.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(server.all('conversation.item.added').map((event) => event.previous_item_id)).toEqual([
      null,
      'b',
      null,
      'b',
    ]);
  });

  it('refuses an unknown place', () => {
    expect(machine().errorFor({ ...userText('x'), previous_item_id: 'nowhere' })).toMatchObject({
      code: 'item_create_invalid_previous_item_id',
      message: "Error adding item: the previous item with id 'nowhere' does not exist.",
    });
  });

  it('refuses an id twice, naming neither the event nor the parameter', () => {
    const server = machine();
    server.send(userText('x', 'twice'));
    expect(server.errorFor({ ...userText('y', 'twice'), event_id: 'mine' })).toEqual({
      type: 'invalid_request_error',
      code: 'item_create_duplicate_item_id',
      message: "Error adding item: an item with id 'twice' already exists.",
      param: null,
      event_id: null,
    });
    expect(server.server.session!.items).toHaveLength(1);
  });

  it.each(['item.id', 'event_id'])('refuses an over-long %s', (param) => {
    const long = 'x'.repeat(33);
    const event = param === 'event_id' ? { ...userText('x'), event_id: long } : userText('x', long);
    expect(machine().errorFor(event)).toMatchObject({ code: 'string_above_max_length', param });
  });

  it.each([
    [{ type: 'message', role: 'user' }, 'missing_required_parameter', 'item.content'],
    [{ type: 'message', role: 'robot', content: [] }, 'invalid_value', 'item.role'],
    [
      { type: 'message', role: 'user', content: [{ type: 'output_text', text: 'x' }] },
      'invalid_value',
      'item.content[0].type',
    ],
    [
      { type: 'message', role: 'assistant', content: [{ type: 'output_audio', transcript: 'Hi.' }] },
      'missing_required_parameter',
      'item.content[0].text',
    ],
    [
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi.' }, { type: 'output_text' }] },
      'missing_required_parameter',
      'item.content[1].text',
    ],
    [
      { type: 'message', role: 'user', content: [{ type: 'input_text' }] },
      'missing_required_parameter',
      'item.content[0].text',
    ],
    [{ type: 'message', role: 'user', id: 'a b', content: [] }, 'invalid_value', 'item.id'],
    [{ type: 'message', role: 'user', id: 'crm:note', content: [] }, 'invalid_value', 'item.id'],
    [
      { type: 'function_call', call_id: 'x'.repeat(33), name: 'f', arguments: '{}' },
      'string_above_max_length',
      'item.call_id',
    ],
    [{ type: 'novel' }, 'invalid_value', 'item.type'],
    [{}, 'missing_required_parameter', 'item.type'],
    ['text', 'invalid_type', 'item'],
  ])('refuses %j as %s at %s', (item, code, param) => {
    expect(machine().errorFor({ type: 'conversation.item.create', item })).toMatchObject({ code, param });
  });

  it('takes an output for a call that is known, without a status, and refuses one for a call that is not', () => {
    const server = machine();
    const output = (call_id: string) => ({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id, output: '12' },
    });
    expect(server.errorFor({ ...output('call_unknown'), event_id: 'mine' })).toEqual({
      type: 'invalid_request_error',
      code: 'invalid_tool_call_id',
      message: "Tool call ID 'call_unknown' not found in conversation.",
      param: null,
      event_id: null,
    });
    server.reply({ items: [{ calls: 'f', args: '{}' }] });
    server.send(create());
    server.settle();
    const call = server.last('response.function_call_arguments.done').call_id;
    expect(call).toMatch(/^call_[0-9A-Za-z]{16}$/);
    server.send(output(call));
    server.settle();
    expect(Object.keys(server.last('conversation.item.added').item)).toEqual(['id', 'type', 'call_id', 'output']);
  });

  it('takes a second output for a call, or refuses it, as it is told to', () => {
    const server = machine();
    server.reply({ items: [{ calls: 'f', args: '{}' }] });
    server.send(create());
    server.settle();
    const { call_id } = server.last('response.function_call_arguments.done');
    const item = { type: 'function_call_output', call_id, output: '12' };
    const output = { type: 'conversation.item.create', item };
    expect(server.errorFor(output)).toBeUndefined();
    expect(server.errorFor(output)).toBeUndefined();
    server.faults({ secondToolOutput: 'refused' });
    expect(server.errorFor(output)).toMatchObject({ code: 'invalid_tool_call_id', event_id: null });
  });

  it('takes an output while its response is still open', () => {
    const server = machine();
    server.reply({ items: [{ calls: 'f', args: '{"a":1}' }, { says: 'One moment.' }] });
    server.send(create());
    server.advance(470);
    const { call_id } = server.last('conversation.item.added').item;
    expect(server.types()).not.toContain('response.done');
    expect(
      server.errorFor({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id, output: '1' },
      }),
    ).toBeUndefined();
  });
});

describe('an item that exists', () => {
  it('is retrieved with its audio, which nothing else shows', () => {
    const server = machine();
    server.caller({ does: 'speaks', says: 'Hi.', ms: 400 });
    server.advance(400);
    const { item_id } = server.last('input_audio_buffer.committed');
    expect(server.last('conversation.item.added').item.content).toEqual([{ type: 'input_audio', transcript: null }]);
    server.send({ type: 'conversation.item.retrieve', item_id });
    server.advance(100);
    const [part] = server.last('conversation.item.retrieved').item.content;
    expect(Buffer.from(part.audio, 'base64')).toHaveLength(400 * 48);
  });

  it('is deleted once', () => {
    const server = machine();
    server.send(userText('x', 'x'));
    server.send({ type: 'conversation.item.delete', item_id: 'x' });
    server.settle();
    expect(server.last('conversation.item.deleted')).toMatchObject({ item_id: 'x' });
    expect(server.errorFor({ type: 'conversation.item.delete', item_id: 'x', event_id: 'e' })).toMatchObject({
      code: 'item_delete_invalid_item_id',
      message: "Error deleting item: the item with id 'x' does not exist.",
      event_id: 'e',
    });
  });

  it.each(['retrieve', 'delete', 'truncate'])('must be there for %s', (what) => {
    const rest = what === 'truncate' ? { content_index: 0, audio_end_ms: 0 } : {};
    const error = machine().errorFor({ type: `conversation.item.${what}`, item_id: 'nobody', ...rest });
    expect(error.code).toBe(`item_${what}_invalid_item_id`);
  });
});

describe('conversation.item.truncate', () => {
  const truncate = (item_id: string, audio_end_ms: number) => ({
    type: 'conversation.item.truncate',
    item_id,
    content_index: 0,
    audio_end_ms,
  });
  const spoken = () => {
    const server = machine();
    server.reply({ items: [{ says: 'A long sentence.', ms: 1000 }] });
    server.send(create());
    server.settle();
    return { server, id: server.last('response.output_item.done').item.id };
  };

  it('cuts to what was heard, down to nothing', () => {
    const { server, id } = spoken();
    server.send(truncate(id, 1000));
    server.send(truncate(id, 640));
    server.send(truncate(id, 0));
    server.settle();
    expect(
      server.all('conversation.item.truncated').map(({ audio_end_ms, item_id }) => [audio_end_ms, item_id]),
    ).toEqual([
      [1000, id],
      [640, id],
      [0, id],
    ]);
  });

  it('refuses more than there is, also after an earlier cut', () => {
    const { server, id } = spoken();
    expect(server.errorFor(truncate(id, 1001))).toMatchObject({
      code: 'invalid_value',
      message: 'Audio content of 1000ms is already shorter than 1001ms',
    });
    server.send(truncate(id, 500));
    expect(server.errorFor(truncate(id, 600))).toMatchObject({ code: 'invalid_value' });
  });

  it('is accepted while the item is still being made', () => {
    const server = machine();
    server.reply({ items: [{ says: 'A long sentence.', ms: 8000 }] });
    server.send(create());
    server.advance(900);
    expect(server.types()).not.toContain('response.done');
    expect(server.errorFor(truncate(server.last('response.output_item.added').item.id, 250))).toBeUndefined();
  });

  it('is for what the model has said', () => {
    const server = machine();
    server.send(userText('x', 'x'));
    expect(server.errorFor(truncate('x', 0))).toMatchObject({ code: 'invalid_value' });
  });
});
