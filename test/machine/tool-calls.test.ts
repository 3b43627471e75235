import { describe, expect, it } from 'vitest';
import { awaitsOutput, mayRemark, stateOf } from '../../src/machine/index.js';
import {
  call,
  created,
  given,
  itemAdded,
  refusal,
  sessionUpdated,
  sessionWith,
  toolSet,
  endsCalling,
} from './bench.js';
import type { Bench } from './bench.js';

const tools = toolSet(['look', 'book']);
const equipped = (options: Parameters<typeof given>[0] = {}): Bench => given({ tools, ...options });
/** A response of the server that calls `look`. */
const calling = (options: Parameters<typeof given>[0] = {}): Bench => {
  const bench = equipped(options);
  bench.reads(created('resp_1'), call('resp_1', 'call_1'));
  return bench;
};
const errorOutput = (error: string): string => JSON.stringify({ error });

describe('a call', () => {
  it('of a tool of ours is run as soon as it is whole', () => {
    expect(calling().commands).toEqual([
      { do: 'run-tool', call: 'call_1', tool: 'look', generation: 1, args: '{"a":1}' },
    ]);
  });

  it.each<[string, object]>([
    ['that was cut off', { status: 'incomplete' }],
    ['without a call_id', { call_id: null }],
    ['without a name', { name: 7 }],
    ['that is no function call', { type: 'message' }],
  ])('%s is not run', (_, fields) => {
    const bench = equipped();
    bench.reads(created('resp_1'), call('resp_1', 'call_1', 'look', fields));
    expect([bench.commands, bench.outputs]).toEqual([[], []]);
  });

  it('without an item, or without a response, is not run', () => {
    const bench = equipped();
    bench.reads({ type: 'response.output_item.done' }, call(undefined as never, 'call_1'));
    expect(bench.commands).toEqual([]);
  });

  it('without arguments is run with none', () => {
    const bench = equipped();
    bench.reads(created('resp_1'), call('resp_1', 'call_1', 'look', { arguments: null }));
    expect(bench.commands).toMatchObject([{ args: '' }]);
  });

  it('that is read twice runs once', () => {
    const bench = calling();
    bench.reads(call('resp_1', 'call_1'), call('resp_2', 'call_1'));
    expect(bench.commanded).toEqual(['run-tool call_1']);
  });

  it('by an id that was used before is a fault: it is not run', () => {
    const bench = calling();
    bench.reads(created('resp_2'), call('resp_2', 'call_1'));
    expect(bench.faults).toEqual(["The model calls 'look' by an id that it has used before: it is not run."]);
  });

  it('beside the conversation is not run: it is data', () => {
    const bench = equipped();
    bench.reads(created('resp_1', { conversation_id: null }), call('resp_1', 'call_1'));
    expect(bench.commands).toEqual([]);
  });

  it('of a response that has ended is answered as unsaid: its round is lost', () => {
    const bench = equipped();
    bench.reads(created('resp_1'), endsCalling('resp_1', 'cancelled'), call('resp_1', 'call_1'));
    bench.returns('call_1');
    expect(bench.rounds).toMatchObject([{ responseId: 'resp_1', followUp: 'lost' }]);
  });

  it('is not run once the session is closing', () => {
    const bench = equipped();
    bench.reads(created('resp_1'));
    bench.closes();
    bench.forget();
    bench.reads(call('resp_1', 'call_1'));
    expect(bench.commands).toEqual([]);
  });

  it('that is whole once the session is closing is on record as unsent when its response ends', () => {
    const bench = equipped();
    bench.reads(created('resp_1'));
    bench.closes();
    bench.reads(call('resp_1', 'call_1'), endsCalling('resp_1', 'failed'));
    expect(bench.rounds).toMatchObject([{ calls: [{ callId: 'call_1', result: 'unsent' }], followUp: 'lost' }]);
  });

  it('during a hang-up is run and asked to come to an end', () => {
    const bench = equipped();
    bench.speaks('story', 'resp_1');
    bench.hangsUp({ onBargeIn: 'hang-up' });
    bench.reads(call('resp_1', 'call_1'));
    expect(bench.commanded).toEqual(['run-tool call_1', 'abort-tool call_1 hang-up']);
  });

  it('is run by the tools that were in force when its response was created', () => {
    const bench = equipped();
    bench.reads(created('resp_1'));
    bench.asksToConfigure({ instructions: 'x' }, { tools: toolSet(['other'], [], 2) });
    bench.reads(sessionUpdated({ instructions: 'x' }), call('resp_1', 'call_1'));
    expect(bench.commands).toMatchObject([{ tool: 'look', generation: 1 }]);
  });

  it('is known to be remembered with the last 1,024', () => {
    const bench = equipped();
    bench.reads(created('resp_1'));
    for (let count = 0; count < 1_100; count++) bench.reads(call('resp_1', `call_${count}`));
    expect(bench.session.tools.seen.size).toBe(1_024);
  });
});

describe('a call of a tool that nobody declared', () => {
  const unknown = (options: Parameters<typeof given>[0] = {}): Bench => {
    const bench = equipped(options);
    bench.reads(created('resp_1'), call('resp_1', 'call_1', 'fly'));
    return bench;
  };

  it('is answered with an error on a connection that is the only one', () => {
    const bench = unknown();
    expect(bench.outputs).toEqual([['call_1', errorOutput("There is no tool named 'fly'.")]]);
    expect(bench.commands).toEqual([]);
  });

  it('is left alone where another party may own it', () => {
    expect(unknown({ unknownTools: 'leave' }).outputs).toEqual([]);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['was asked for without parameters', (bench) => void bench.speaks('story', 'resp_1')],
    [
      'brings tools of other names',
      (bench) => void bench.speaks('story', 'resp_1', { params: { tools: [{ name: 'swim' }] } }),
    ],
    ['has ended', (bench) => bench.reads(created('resp_1'), endsCalling('resp_1'))],
  ])('is answered with an error also where its response %s', (_, happens) => {
    const bench = equipped();
    happens(bench);
    bench.reads(call('resp_1', 'call_1', 'fly'));
    expect(bench.outputs).toEqual([['call_1', errorOutput("There is no tool named 'fly'.")]]);
  });

  it('is left alone where the session names it', () => {
    const bench = equipped();
    bench.reads(sessionUpdated(sessionWith('off', { tools: [{ name: 'fly' }, { type: 'mcp' }] })));
    bench.reads(created('resp_1'), call('resp_1', 'call_1', 'fly'));
    expect(bench.outputs).toEqual([]);
  });

  it('is left alone where the session has named it, and has said nothing of its tools since', () => {
    const bench = equipped();
    bench.reads(sessionUpdated(sessionWith('off', { tools: [{ name: 'fly' }] })), sessionUpdated(sessionWith('off')));
    bench.reads(created('resp_1'), call('resp_1', 'call_1', 'fly'));
    expect(bench.outputs).toEqual([]);
  });

  it('is left alone where the response’s own tools name it', () => {
    const bench = equipped();
    bench.speaks('story', 'resp_1', { params: { tools: [{ name: 'fly' }] } });
    bench.reads(call('resp_1', 'call_1', 'fly'));
    expect(bench.outputs).toEqual([]);
  });

  it('has what the model makes up shortened', () => {
    const bench = equipped();
    bench.reads(created('resp_1'), call('resp_1', 'call_1', 'x'.repeat(500)));
    expect(bench.outputs[0]?.[1]).toBe(errorOutput(`There is no tool named '${'x'.repeat(65)}'.`));
  });
});

describe('a tool that returns', () => {
  it('has its output sent at once, before its response has ended', () => {
    const bench = calling();
    bench.returns('call_1', { output: '{"sky":"grey"}' });
    expect(bench.outputs).toEqual([['call_1', '{"sky":"grey"}']]);
  });

  it('twice has its output sent once', () => {
    const bench = calling();
    bench.returns('call_1');
    bench.returns('call_1');
    expect(bench.outputs).toHaveLength(1);
  });

  it('for a call that is not there has nothing sent', () => {
    const bench = calling();
    bench.returns('call_9');
    expect([bench.outputs, bench.faults]).toEqual([[], []]);
  });

  it('what is no JSON is told, by the tool’s name, as the user’s fault', () => {
    const bench = calling();
    bench.returns('call_1', { odd: 'odd' });
    expect(bench.notices).toContainEqual(
      expect.objectContaining({
        whose: 'user',
        message: "What the tool 'look' returned is not JSON: it was written as well as it can be.",
      }),
    );
  });

  it('by throwing is told as it was thrown, and answered', () => {
    const bench = calling();
    const threw = { ref: 4, words: 'no network' };
    bench.returns('call_1', { result: 'failed', output: errorOutput('It failed.'), threw });
    expect(bench.notices).toContainEqual(
      expect.objectContaining({ message: "The tool 'look' failed: no network", thrown: threw }),
    );
    expect(bench.outputs).toHaveLength(1);
  });

  it('by throwing too late is still reported', () => {
    const bench = calling();
    bench.waits(5_000);
    bench.forget();
    bench.returns('call_1', { threw: { ref: 4, words: 'no network' } });
    expect(bench.faults).toEqual(['The tool failed: no network']);
    expect(bench.outputs).toEqual([]);
  });
});

describe('a tool that does not return in time', () => {
  it('is aborted, answered and told', () => {
    const bench = calling();
    bench.waits(4_999);
    expect(bench.outputs).toEqual([]);
    bench.waits(1);
    expect(bench.outputs).toEqual([['call_1', errorOutput('The tool did not answer in time.')]]);
    expect(bench.commanded.at(-1)).toBe('abort-tool call_1 timed-out');
    expect(bench.notices).toContainEqual(
      expect.objectContaining({ whose: 'user', message: "The tool 'look' did not answer within 5000 ms." }),
    );
  });

  it('is waited for no longer', () => {
    const bench = calling();
    bench.waits(5_000);
    bench.returns('call_1');
    expect(bench.outputs).toHaveLength(1);
  });

  it('is on record as timed out after its own time, however late it was called', () => {
    const bench = equipped();
    bench.waits(1_000);
    bench.reads(created('resp_1'), call('resp_1', 'call_1'));
    bench.waits(5_000);
    bench.reads(endsCalling('resp_1'));
    expect(bench.faults).toEqual(["The tool 'look' did not answer within 5000 ms."]);
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'timed-out', ms: 5_000 }], followUp: 'asked' }]);
  });
});

describe('an output that is sent by hand', () => {
  it('is the answer: the tool is told so', () => {
    const bench = calling();
    bench.sends('item_mine', { type: 'function_call_output', call_id: 'call_1', output: '1' });
    expect(bench.commanded.at(-1)).toBe('abort-tool call_1 answered');
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'answered' }], followUp: 'asked' }]);
  });

  it('makes what the tool then returns of no account', () => {
    const bench = calling();
    bench.sends('item_mine', { type: 'function_call_output', call_id: 'call_1', output: '1' });
    bench.returns('call_1');
    expect(bench.outputs).toHaveLength(1);
  });

  it('that the server refuses is replaced, too', () => {
    const bench = calling();
    const sent = bench.sends('item_mine', { type: 'function_call_output', call_id: 'call_1', output: '1' });
    bench.reads(refusal('invalid_value', sent['event_id'] as string));
    expect(bench.outputs).toHaveLength(2);
  });

  it('that the server refuses is replaced also where its own echo was read', () => {
    const bench = calling();
    const sent = bench.sends('item_mine', { type: 'function_call_output', call_id: 'call_1', output: '1' });
    bench.reads(itemAdded('item_mine', { type: 'function_call_output', call_id: 'call_1' }));
    bench.reads(refusal('invalid_value', sent['event_id'] as string));
    expect(bench.outputs).toHaveLength(2);
  });

  it('after the end of the response concludes its round', () => {
    const bench = calling();
    bench.reads(endsCalling('resp_1'));
    bench.sends('item_mine', { type: 'function_call_output', call_id: 'call_1', output: '1' });
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'answered' }], followUp: 'asked' }]);
  });

  it.each([
    ['an event that creates no item', { type: 'x', item: { type: 'function_call_output', call_id: 'call_1' } }],
    ['an item of another type', { type: 'conversation.item.create', item: { type: 'message', call_id: 'call_1' } }],
  ])('is not %s, though that names the call', (_, event) => {
    const bench = calling();
    bench.step({ type: 'send', event });
    expect(bench.commanded).toEqual(['run-tool call_1']);
  });

  it('for a call of another answers none of ours', () => {
    const bench = calling();
    bench.sends('item_mine', { type: 'function_call_output', call_id: 'call_9' });
    bench.sends('item_other', { type: 'function_call_output' });
    expect(bench.commanded).toEqual(['run-tool call_1']);
  });
});

describe('an output that the server refuses', () => {
  const refused = (): Bench => {
    const bench = calling();
    bench.returns('call_1');
    bench.reads(refusal('invalid_value', bench.lastOutput.eventId, 'Too long.'));
    return bench;
  };

  it('is a fault, and replaced by a short one', () => {
    const bench = refused();
    expect(bench.faults).toEqual(["The server refused the output of 'look': Too long."]);
    expect(bench.outputs[1]).toEqual([
      'call_1',
      errorOutput('The tool has run, but its result could not be delivered. Do not call it again; tell the caller so.'),
    ]);
  });

  it('is replaced once: then nothing of it stands', () => {
    const bench = refused();
    bench.reads(refusal('invalid_value', bench.lastOutput.eventId), endsCalling('resp_1'));
    expect(bench.outputs).toHaveLength(2);
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'refused' }], followUp: 'refused' }]);
    expect(bench.created).toEqual([]);
  });

  it('has its round followed by a response, where the replacement stands', () => {
    const bench = refused();
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'refused' }], followUp: 'asked' }]);
    expect(bench.created).toEqual(['tool:look']);
  });

  it('is not replaced where another with its call_id exists already', () => {
    const bench = calling();
    bench.returns('call_1');
    bench.reads(itemAdded('item_theirs', { type: 'function_call_output', call_id: 'call_1' }));
    bench.reads(refusal('invalid_value', bench.lastOutput.eventId), endsCalling('resp_1'));
    expect(bench.outputs).toHaveLength(1);
  });

  it('is not replaced where another with its call_id existed before ours', () => {
    const bench = calling();
    bench.reads(itemAdded('item_theirs', { type: 'function_call_output', call_id: 'call_1' }));
    bench.returns('call_1');
    bench.reads(refusal('invalid_value', bench.lastOutput.eventId));
    expect(bench.outputs).toHaveLength(1);
  });

  it('is replaced where only our own echo was read', () => {
    const bench = calling();
    bench.returns('call_1');
    const { itemId, eventId } = bench.lastOutput;
    bench.reads(itemAdded(itemId, { type: 'function_call_output', call_id: 'call_1' }));
    bench.reads(refusal('invalid_value', eventId));
    expect(bench.outputs).toHaveLength(2);
  });

  it('is replaced where only our own echo was read, whatever other call runs', () => {
    const bench = calling();
    bench.reads(call('resp_1', 'call_2', 'book'));
    bench.returns('call_1');
    const { itemId, eventId } = bench.lastOutput;
    bench.reads(itemAdded(itemId, { type: 'function_call_output', call_id: 'call_1' }));
    bench.reads(refusal('invalid_value', eventId));
    expect(bench.outputs.map(([callId]) => callId)).toEqual(['call_1', 'call_1']);
  });

  it('is told from an item that the server refuses while a tool runs', () => {
    const bench = calling();
    const sent = bench.sends('item_1');
    bench.reads(refusal('invalid_value', sent['event_id'] as string));
    expect(bench.faults).toEqual(['The server refused an item: No.']);
  });

  it('after its round is known by the last 64 calls', () => {
    const bench = equipped();
    bench.reads(created('resp_1'));
    const outputs = Array.from({ length: 65 }, (_, index) => {
      bench.reads(call('resp_1', `call_${index}`));
      bench.returns(`call_${index}`);
      return bench.lastOutput.eventId;
    });
    bench.reads(endsCalling('resp_1'));
    bench.reads(refusal('invalid_value', outputs[0]!), refusal('invalid_value', outputs[1]!));
    expect(bench.faults).toEqual(['The server refused an item: No.', "The server refused the output of 'look': No."]);
  });

  it('after its round is a fault and is replaced once, and brings no second follow-up', () => {
    const bench = calling();
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1'));
    bench.reads(refusal('invalid_value', bench.lastOutput.eventId, 'Too long.'));
    expect([bench.faults, bench.outputs.length]).toEqual([["The server refused the output of 'look': Too long."], 2]);
    bench.reads(refusal('invalid_value', bench.lastOutput.eventId, 'Too long.'));
    expect([bench.faults.length, bench.outputs.length, bench.created]).toEqual([2, 2, ['tool:look']]);
  });

  it('is waited for no longer by what continues it', () => {
    const bench = refused();
    expect(bench.session.items.unadded).toHaveLength(1);
  });
});

describe('what others may ask of the calls', () => {
  it('whether one awaits its output', () => {
    const bench = calling();
    expect([awaitsOutput(bench.session, 'call_1'), awaitsOutput(bench.session, 'call_9')]).toEqual([true, false]);
    bench.returns('call_1');
    expect(awaitsOutput(bench.session, 'call_1')).toBe(false);
  });

  it('whether the tool of one may remark: while it runs and is part of the session', () => {
    const bench = calling();
    expect([mayRemark(bench.session, 'call_1'), mayRemark(bench.session, 'call_9')]).toEqual([true, false]);
    bench.asksToConfigure({ instructions: 'x' }, { tools: toolSet(['other'], [], 2) });
    bench.reads(sessionUpdated({ instructions: 'x' }));
    expect(mayRemark(bench.session, 'call_1')).toBe(false);
  });

  it('which run, and since when', () => {
    expect(stateOf(calling().session, 700).tools).toEqual([{ name: 'look', sinceMs: 700 }]);
  });

  it('since when, also of one that was called later', () => {
    const bench = equipped();
    bench.waits(100);
    bench.reads(created('resp_1'), call('resp_1', 'call_1'));
    expect(stateOf(bench.session, 700).tools).toEqual([{ name: 'look', sinceMs: 600 }]);
  });
});
