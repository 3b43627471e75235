import { describe, expect, it } from 'vitest';
import { awaitsOutput, type ServerEvent } from '../../src/machine/index.js';
import {
  call,
  created,
  firstItem,
  given,
  hosted,
  hostedEnded,
  itemAdded,
  toolSet,
  turn,
  type Bench,
  endsCalling,
} from './bench.js';

const tools = toolSet(['look'], ['maps']);
const open = (options: Parameters<typeof given>[0] = {}): Bench => {
  const bench = given({ tools, ...options });
  bench.reads(created('resp_1'));
  return bench;
};
const approval = (id: string): ReturnType<typeof hosted> => hosted('resp_1', id, { type: 'mcp_approval_request' });
const approves = (bench: Bench, id: string, approve: boolean): void =>
  void bench.sends('item_approval', { type: 'mcp_approval_response', approval_request_id: id, approve });

describe('a hosted call', () => {
  it('has one follow-up, once its response is done and it has ended', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), endsCalling('resp_1'));
    expect(bench.created).toEqual([]);
    bench.reads(hostedEnded('mcp_1'));
    expect(bench.created).toEqual(['mcp:maps']);
    expect(bench.rounds).toMatchObject([
      { calls: [{ name: 'mcp:maps', callId: 'mcp_1', result: 'answered' }], followUp: 'asked' },
    ]);
  });

  it('may end before its response does', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), hostedEnded('mcp_1'));
    expect(bench.created).toEqual([]);
    bench.reads(endsCalling('resp_1'));
    expect(bench.created).toEqual(['mcp:maps']);
  });

  it('is followed up also where it failed', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), endsCalling('resp_1'), hostedEnded('mcp_1', 'failed'));
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'failed' }], followUp: 'asked' }]);
  });

  it('ends once', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), endsCalling('resp_1'), hostedEnded('mcp_1'), hostedEnded('mcp_1'));
    expect(bench.created).toHaveLength(1);
  });

  it('is waited for with the others of its round', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), hosted('resp_1', 'mcp_2'), endsCalling('resp_1'), hostedEnded('mcp_2'));
    expect(bench.created).toEqual([]);
    bench.reads(hostedEnded('mcp_1'));
    expect(bench.created).toHaveLength(1);
  });

  it('may share its round with our own calls', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), call('resp_1', 'call_1'), endsCalling('resp_1'), hostedEnded('mcp_1'));
    expect(bench.created).toEqual([]);
    bench.returns('call_1');
    expect(bench.created).toEqual(['mcp:maps']);
  });

  it.each<[string, object, string]>([
    ['its output', { output: 'found' }, 'answered'],
    ['its error', { error: { type: 'x' } }, 'failed'],
  ])('has ended, where its item comes with %s', (_, fields, result) => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'));
    bench.reads({
      type: 'response.output_item.done',
      response_id: 'resp_1',
      item: { type: 'mcp_call', id: 'mcp_1', server_label: 'maps', ...fields },
    });
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ result }] }]);
  });

  it('does not run, where its response did not complete', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), endsCalling('resp_1', 'incomplete'));
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'unsent' }], followUp: 'lost' }]);
    expect(bench.created).toEqual([]);
  });

  it('that has not ended in time is a fault, and followed up', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), endsCalling('resp_1'));
    bench.waits(60_000);
    expect(bench.faults).toEqual(['The call of mcp:maps was not ended within 60000 ms.']);
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'timed-out', ms: 60_000 }], followUp: 'asked' }]);
  });

  it('of a server that this session did not name is left to the connection that did', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1', { server_label: 'theirs' }), endsCalling('resp_1'), hostedEnded('mcp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'left' }], followUp: 'left' }]);
    expect(bench.created).toEqual([]);
  });

  it('of a server without a label is left to others', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1', { server_label: null }), endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ name: 'mcp:' }], followUp: 'left' }]);
  });

  it.each<[string, ServerEvent]>([
    ['without an id', hosted('resp_1', null as never)],
    ['without an item', { type: 'response.output_item.added', response_id: 'resp_1' }],
    ['without a response', hosted(undefined as never, 'mcp_1')],
    ['that is no call', hosted('resp_1', 'item_1', { type: 'message' })],
  ])('%s is nothing', (_, frame) => {
    const bench = open();
    bench.reads(frame, endsCalling('resp_1', 'cancelled'));
    expect(bench.rounds).toEqual([]);
  });

  it('of a response that has ended is nothing', () => {
    const bench = open();
    bench.reads(endsCalling('resp_1'), hosted('resp_1', 'mcp_1'));
    expect(bench.session.tools.rounds.size).toBe(0);
  });

  it('beside the conversation is nothing', () => {
    const bench = given({ tools });
    bench.reads(created('resp_1', { conversation_id: null }), hosted('resp_1', 'mcp_1'));
    expect(bench.session.tools.rounds.size).toBe(0);
  });

  it('is not ended by an end that names no item', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), { type: 'response.mcp_call.completed' }, endsCalling('resp_1'));
    expect(bench.created).toEqual([]);
  });

  it('shares its end with no function call of the same id', () => {
    const bench = open();
    bench.reads(call('resp_1', 'call_1'), endsCalling('resp_1'), hostedEnded('call_1'));
    expect(bench.created).toEqual([]);
    bench.returns('call_1');
    expect(bench.created).toEqual(['tool:look']);
  });

  it('is not ours to answer: what returns by its id, or is sent by hand, ends nothing', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'), endsCalling('resp_1'));
    expect(awaitsOutput(bench.session, 'mcp_1')).toBe(false);
    bench.returns('mcp_1');
    expect(bench.outputs).toEqual([]);
    bench.sends('item_mine', { type: 'function_call_output', call_id: 'mcp_1' });
    expect([bench.commands, bench.rounds]).toEqual([[], []]);
  });

  it('needs no tool to be aborted at the end', () => {
    const bench = open();
    bench.reads(hosted('resp_1', 'mcp_1'));
    bench.hangsUp({ onBargeIn: 'hang-up' });
    bench.closes();
    bench.loses();
    expect(bench.commanded).toEqual(['close-line']);
    expect(bench.rounds).toMatchObject([{ followUp: 'lost' }]);
  });
});

describe('a hosted call that asks for approval', () => {
  it('is waited for until it has been approved and has ended: then it is an item of its own', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'));
    approves(bench, 'ask_1', true);
    expect(bench.created).toEqual([]);
    bench.reads(itemAdded('mcp_1', { type: 'mcp_call', server_label: 'maps', approval_request_id: 'ask_1' }));
    bench.reads(hostedEnded('ask_1'));
    expect(bench.created).toEqual([]);
    bench.reads(hostedEnded('mcp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ callId: 'mcp_1', result: 'answered' }], followUp: 'asked' }]);
  });

  it('ends when it is denied', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'));
    approves(bench, 'ask_1', false);
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'denied' }], followUp: 'asked' }]);
  });

  it('ends when another party denies it', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'));
    bench.reads(itemAdded('item_x', { type: 'mcp_approval_response', approval_request_id: 'ask_1', approve: false }));
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'denied' }] }]);
  });

  it('is not ended by the answer to another', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'));
    approves(bench, 'ask_9', false);
    expect(bench.rounds).toEqual([]);
  });

  it('is approved alone: another goes on waiting', () => {
    const bench = open();
    bench.reads(approval('ask_1'), approval('ask_2'), endsCalling('resp_1'));
    bench.reads(itemAdded('mcp_2', { type: 'mcp_call', server_label: 'maps', approval_request_id: 'ask_2' }));
    approves(bench, 'ask_1', false);
    expect(bench.rounds).toEqual([]);
    bench.reads(hostedEnded('mcp_2'));
    expect(bench.rounds).toMatchObject([
      {
        calls: [
          { callId: 'ask_1', result: 'denied' },
          { callId: 'mcp_2', result: 'answered' },
        ],
      },
    ]);
  });

  it('is not approved by another that asks and names it', () => {
    const bench = open();
    bench.reads(approval('ask_1'));
    bench.reads(hosted('resp_1', 'ask_2', { type: 'mcp_approval_request', approval_request_id: 'ask_1' }));
    bench.reads(endsCalling('resp_1'));
    approves(bench, 'ask_1', false);
    approves(bench, 'ask_2', false);
    expect(bench.rounds).toMatchObject([{ calls: [{ callId: 'ask_1' }, { callId: 'ask_2' }] }]);
  });

  it('keeps its id once it was denied, though a call that names it arrives', () => {
    const bench = open();
    bench.reads(approval('ask_1'));
    approves(bench, 'ask_1', false);
    bench.reads(itemAdded('mcp_1', { type: 'mcp_call', server_label: 'maps', approval_request_id: 'ask_1' }));
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ callId: 'ask_1', result: 'denied' }] }]);
  });

  it('is not ended by an end that comes before its approval', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'), hostedEnded('ask_1'));
    expect(bench.rounds).toEqual([]);
  });

  it.each<[string, (bench: Bench, item: object) => void]>([
    ['that is sent', (bench, item) => void bench.sends('item_1', item)],
    ['that another party has added', (bench, item) => bench.reads(itemAdded('item_1', item))],
  ])('is not denied by a message %s, though that names it', (_, happens) => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'));
    happens(bench, { type: 'message', approval_request_id: 'ask_1' });
    expect(bench.rounds).toEqual([]);
  });

  it('is not ended by a denial once it runs', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'));
    bench.reads(itemAdded('mcp_1', { type: 'mcp_call', server_label: 'maps', approval_request_id: 'ask_1' }));
    approves(bench, 'mcp_1', false);
    expect(bench.rounds).toEqual([]);
  });

  it('has its whole time from when it was approved', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'));
    bench.waits(50_000);
    approves(bench, 'ask_1', true);
    bench.reads(itemAdded('mcp_1', { type: 'mcp_call', server_label: 'maps', approval_request_id: 'ask_1' }));
    bench.waits(59_999);
    expect(bench.faults).toEqual([]);
    bench.waits(1);
    expect(bench.faults).toEqual(['The call of mcp:maps was not ended within 60000 ms.']);
  });

  it('ends when nobody has approved or denied it in time, with a fault', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1'));
    bench.waits(60_000);
    expect(bench.faults).toEqual(['The call of mcp:maps was not ended within 60000 ms.']);
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'timed-out' }], followUp: 'asked' }]);
  });

  it('does not run, where its response did not complete', () => {
    const bench = open();
    bench.reads(approval('ask_1'), endsCalling('resp_1', 'cancelled'));
    expect(bench.rounds).toMatchObject([{ followUp: 'lost' }]);
  });

  it('is given up with the connection', () => {
    const bench = open();
    bench.reads(approval('ask_1'));
    bench.loses();
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'unsent' }], followUp: 'lost' }]);
  });
});

describe('what the server says by itself', () => {
  it('before a hosted call has ended has not seen its result: the follow-up still goes', () => {
    const bench = open({ detection: 'automatic' });
    bench.reads(hosted('resp_1', 'mcp_1'), endsCalling('resp_1'), ...turn(), hostedEnded('mcp_1'));
    bench.reads(created('resp_2'), firstItem('resp_2'), endsCalling('resp_2', 'cancelled'));
    expect(bench.created).toEqual(['mcp:maps']);
  });

  it('before a hosted call has ended has not seen its result, though a tool of ours has answered in the same round', () => {
    const bench = open({ detection: 'automatic' });
    bench.reads(call('resp_1', 'call_1'), hosted('resp_1', 'mcp_1'), endsCalling('resp_1'));
    bench.returns('call_1');
    bench.reads(itemAdded(bench.lastOutput.itemId), ...turn(), hostedEnded('mcp_1'));
    bench.reads(created('resp_2'), firstItem('resp_2'), endsCalling('resp_2', 'cancelled'));
    expect(bench.created).toEqual(['tool:look']);
  });

  it('after a hosted call has ended answers for the follow-up', () => {
    const bench = open({ detection: 'automatic' });
    bench.turns('begins');
    bench.reads(hosted('resp_1', 'mcp_1'), endsCalling('resp_1'), hostedEnded('mcp_1'), ...turn());
    bench.reads(created('resp_2'), firstItem('resp_2'), endsCalling('resp_2', 'cancelled'));
    bench.turns('ends');
    expect(bench.created).toEqual([]);
    expect(bench.records).toMatchObject([{ purpose: 'mcp:maps', verdict: 'merge', response: 'resp_2' }]);
  });
});
