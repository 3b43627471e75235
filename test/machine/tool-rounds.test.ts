import { describe, expect, it } from 'vitest';
import { at } from '../../src/machine/index.js';
import {
  call,
  conflict,
  created,
  firstItem,
  given,
  itemAdded,
  refusal,
  textDelta,
  toolSet,
  turn,
  type Bench,
  type Options,
  endsCalling,
} from './bench.js';

const tools = toolSet(['look', 'book']);
/** A response of the server's has called these tools, and is still open. */
const calling = (names: readonly string[], options: Parameters<typeof given>[0] = {}): Bench => {
  const bench = given({ tools, ...options });
  bench.reads(created('resp_1'));
  for (const [index, name] of names.entries()) bench.reads(call('resp_1', `call_${index + 1}`, name));
  return bench;
};
const toolChoice = (bench: Bench): unknown => at(bench.creations.at(-1), 'response', 'tool_choice');

describe('the follow-up of a round', () => {
  it('waits for the end of its response, and for every call of it', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1'));
    expect([bench.created, bench.rounds]).toEqual([[], []]);
    bench.returns('call_2');
    expect(bench.created).toEqual(['tool:look']);
  });

  it('waits for the end of its response, though every call has its output', () => {
    const bench = calling(['look']);
    bench.returns('call_1');
    expect(bench.created).toEqual([]);
    bench.reads(endsCalling('resp_1'));
    expect(bench.created).toEqual(['tool:look']);
  });

  it('is one for the round', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_1');
    bench.returns('call_2');
    bench.reads(endsCalling('resp_1'));
    expect(bench.created).toHaveLength(1);
  });

  it('is asked for once for an unknown tool too: the model was told so', () => {
    const bench = calling(['fly']);
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ name: 'fly', result: 'unknown' }], followUp: 'asked' }]);
    expect(bench.created).toEqual(['tool:fly']);
  });

  it('bears the name of the first tool in output order that wants one', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_2');
    bench.returns('call_1', { reply: 'silent' });
    bench.reads(endsCalling('resp_1'));
    expect(bench.created).toEqual(['tool:book']);
  });

  it('is not asked for where no tool wants one', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_1', { reply: 'silent' });
    bench.returns('call_2', { reply: 'silent' });
    bench.reads(endsCalling('resp_1'));
    expect(bench.created).toEqual([]);
    expect(bench.rounds).toMatchObject([{ followUp: 'silent' }]);
  });

  it('takes the parameters of the first reply in output order that gives some', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_2', { reply: { params: { instructions: 'Second.' } } });
    bench.returns('call_1', { reply: { params: { instructions: 'First.' } } });
    bench.reads(endsCalling('resp_1'));
    expect(bench.creations[0]).toMatchObject({ response: { instructions: 'First.' } });
  });

  it('takes the parameters that a later reply gives, where the first gives none', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_1');
    bench.returns('call_2', { reply: { params: { instructions: 'Second.' } } });
    bench.reads(endsCalling('resp_1'));
    expect(bench.creations[0]).toMatchObject({ response: { instructions: 'Second.' } });
  });

  it('is asked for where the server took one output, though it refused another for good', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_1');
    for (let times = 0; times < 2; times++) bench.reads(refusal('invalid_value', bench.lastOutput.eventId));
    bench.returns('call_2');
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'refused' }, { result: 'answered' }], followUp: 'asked' }]);
  });

  it('merges into what the server says by itself, where that was triggered after its output was added', () => {
    const bench = calling(['look'], { detection: 'automatic' });
    bench.returns('call_1');
    bench.reads(itemAdded(bench.lastOutput.itemId), ...turn(), endsCalling('resp_1'));
    bench.reads(created('resp_2'), firstItem('resp_2'));
    expect(bench.records).toMatchObject([{ purpose: 'tool:look', verdict: 'merge', response: 'resp_2' }]);
  });

  it('goes through the gate like any other', () => {
    const bench = calling(['look']);
    bench.turns('begins');
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1'));
    expect(bench.created).toEqual([]);
    bench.turns('ends');
    expect(bench.created).toEqual(['tool:look']);
  });

  it('that was put back and is not sent is a fault: nobody awaits its end', () => {
    const bench = calling(['look'], { limits: { holdForMs: 1_000 } });
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1'));
    bench.reads(conflict(bench.lastCreate.eventId, 'resp_9'));
    bench.waits(1_000);
    expect(bench.faults).toEqual([
      "The response for 'tool:look' was put back, and came to nothing: It waited for too long, or the user took another turn.",
    ]);
  });

  it('goes out with what else continues the same, as one create', () => {
    const bench = calling(['look']);
    bench.sends('item_1');
    bench.asks('reply');
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1'));
    expect(bench.created).toHaveLength(1);
  });
});

describe('the record of a round', () => {
  it('tells its calls in output order, what became of each, and how long it took', () => {
    const bench = calling(['look', 'book']);
    bench.waits(100);
    bench.returns('call_2', { result: 'failed' });
    bench.waits(200);
    bench.returns('call_1', { result: 'invalid' });
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toEqual([
      {
        responseId: 'resp_1',
        calls: [
          { name: 'look', callId: 'call_1', result: 'invalid', ms: 300 },
          { name: 'book', callId: 'call_2', result: 'failed', ms: 100 },
        ],
        followUp: 'asked',
      },
    ]);
  });

  it('tells how long a call took, however late it was made', () => {
    const bench = given({ tools });
    bench.waits(1_000);
    bench.reads(created('resp_1'), call('resp_1', 'call_1'));
    bench.waits(300);
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ ms: 300 }] }]);
  });

  it.each(['cancelled', 'incomplete', 'failed'] as const)(
    'of a response that ended as %s names that: there is no follow-up',
    (status) => {
      const bench = calling(['look']);
      bench.returns('call_1');
      bench.reads(endsCalling('resp_1', status));
      expect(bench.rounds).toMatchObject([{ calls: [{ result: 'answered' }], followUp: status }]);
      expect(bench.created).toEqual([]);
    },
  );

  it('of a response that never ends is lost', () => {
    const bench = calling(['look']);
    bench.returns('call_1');
    bench.waits(60_000);
    expect(bench.rounds).toMatchObject([{ followUp: 'lost' }]);
  });

  it('waits for what still runs, though its response was cancelled', () => {
    const bench = calling(['look']);
    bench.reads(endsCalling('resp_1', 'cancelled'));
    expect(bench.rounds).toEqual([]);
    bench.returns('call_1');
    expect(bench.rounds).toMatchObject([{ followUp: 'cancelled' }]);
  });

  it('is told once, and the round forgotten', () => {
    const bench = calling(['look']);
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1'), endsCalling('resp_1'));
    expect(bench.rounds).toHaveLength(1);
    expect(bench.session.tools.rounds.size).toBe(0);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['closes', (bench) => (bench.closes(), bench.loses())],
    ['closes, and its response ends', (bench) => (bench.closes(), bench.reads(endsCalling('resp_1', 'failed')))],
    ['is lost', (bench) => bench.loses()],
  ])('of a tool that runs when the session %s says that its output was not sent', (_, ends) => {
    const bench = calling(['look', 'book']);
    bench.waits(50);
    ends(bench);
    expect(bench.rounds).toEqual([
      {
        responseId: 'resp_1',
        calls: [
          { name: 'look', callId: 'call_1', result: 'unsent', ms: 50 },
          { name: 'book', callId: 'call_2', result: 'unsent', ms: 50 },
        ],
        followUp: 'lost',
      },
    ]);
    expect(bench.commanded.filter((each) => each.startsWith('abort'))).toEqual([
      'abort-tool call_1 ended',
      'abort-tool call_2 ended',
    ]);
  });

  it('of a response that has ended says how, though a tool still runs when the connection is lost', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1', 'incomplete'));
    bench.loses();
    expect(bench.rounds).toMatchObject([{ followUp: 'incomplete' }]);
  });

  it('is not told before its time: a tick for something else ends nothing', () => {
    const bench = calling(['look']);
    bench.turns('begins');
    bench.asks('reply', { holdForMs: 100 });
    bench.waits(100);
    expect(bench.commanded).toEqual(['run-tool call_1']);
  });

  it('of which some outputs were sent before the end says how its response ended', () => {
    const bench = calling(['look', 'book']);
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1', 'incomplete'));
    bench.closes();
    expect(bench.rounds).toMatchObject([
      { calls: [{ result: 'answered' }, { result: 'unsent' }], followUp: 'incomplete' },
    ]);
  });
});

describe('a hang-up', () => {
  it('asks what runs to come to an end, and still waits for it', () => {
    const bench = calling(['look']);
    bench.hangsUp({ onBargeIn: 'hang-up' });
    expect(bench.commanded.at(-1)).toBe('abort-tool call_1 hang-up');
    bench.returns('call_1');
    expect(bench.outputs).toHaveLength(1);
  });
});

describe('calls that are somebody else’s', () => {
  const left = (): Bench => calling(['fly'], { unknownTools: 'leave' });
  const others = itemAdded('item_theirs', { type: 'function_call_output', call_id: 'call_1' });

  it('leave their round without a follow-up of ours', () => {
    const bench = left();
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toMatchObject([{ calls: [{ result: 'left' }], followUp: 'left' }]);
    expect(bench.created).toEqual([]);
  });

  it('leave it so where only some of its calls are theirs', () => {
    const bench = calling(['look', 'fly'], { unknownTools: 'leave' });
    bench.reads(endsCalling('resp_1'));
    expect(bench.rounds).toEqual([]);
    bench.returns('call_1');
    expect(bench.rounds).toMatchObject([{ followUp: 'left' }]);
  });

  it('that they have answered, and nobody asked for a response in time, are a fault', () => {
    const bench = left();
    bench.reads(endsCalling('resp_1'), others);
    bench.waits(9_999);
    expect(bench.faults).toEqual([]);
    bench.waits(1);
    expect(bench.faults).toEqual(['Another party answered calls of resp_1, and nobody asked for a response.']);
  });

  it('that they have answered are no fault before that, though something else is due', () => {
    const bench = left();
    bench.reads(endsCalling('resp_1'), others);
    bench.turns('begins');
    const reply = bench.asks('reply', { holdForMs: 100 });
    bench.waits(100);
    expect([reply.verdict, bench.faults]).toEqual(['refuse: expired', []]);
  });

  it('are not ours, though others have answered ours as well, and more than once', () => {
    const bench = calling(['look']);
    bench.returns('call_1');
    for (const id of ['item_theirs', 'item_again'])
      bench.reads(itemAdded(id, { type: 'function_call_output', call_id: 'call_1' }));
    bench.waits(15_000);
    expect(bench.faults).toEqual([]);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['they have one made', (bench) => bench.reads(created('resp_2'))],
    ['we do', (bench) => void bench.speaks('reply', 'resp_2')],
  ])('are no fault if %s', (_, happens) => {
    const bench = left();
    bench.reads(endsCalling('resp_1'), others);
    happens(bench);
    bench.reads(textDelta('resp_2'));
    bench.waits(15_000);
    expect(bench.faults).toEqual([]);
  });

  it('are not answered by what names no call, or one that nobody left', () => {
    const bench = left();
    bench.reads(
      itemAdded('item_x', { type: 'function_call_output' }),
      itemAdded('item_y', { type: 'function_call_output', call_id: 'call_9' }),
      endsCalling('resp_1', 'cancelled'),
    );
    bench.waits(15_000);
    expect(bench.faults).toEqual([]);
  });

  it('are not answered by the items that call them', () => {
    const bench = left();
    bench.reads(itemAdded('item_call', { type: 'function_call', call_id: 'call_1' }), endsCalling('resp_1'));
    bench.waits(15_000);
    expect(bench.faults).toEqual([]);
  });

  it('are remembered up to 1,024', () => {
    const bench = left();
    for (let count = 0; count < 1_100; count++) bench.reads(call('resp_1', `call_x${count}`, 'fly'));
    expect(bench.session.tools.left.size).toBe(1_024);
  });
});

describe('a chain of rounds', () => {
  /** Answers the round of this response, and makes the follow-up call a tool again. */
  const again = (bench: Bench, round: number): void => {
    bench.returns(`call_${round}`);
    bench.reads(endsCalling(`resp_${round}`));
    bench.creates(`resp_${round + 1}`);
    bench.reads(call(`resp_${round + 1}`, `call_${round + 1}`));
  };
  /** The last response of a chain that may call tools has called one. */
  const atTheEnd = (options: Parameters<typeof given>[0] = {}): Bench => {
    const bench = calling(['look'], options);
    for (let round = 1; round < 8; round++) again(bench, round);
    return bench;
  };

  it('may have seven follow-ups that call tools', () => {
    const bench = atTheEnd();
    expect(bench.creations).toHaveLength(7);
    expect(toolChoice(bench)).toBeUndefined();
    expect(bench.faults).toEqual([]);
  });

  it('has the eighth speak: it may not call, and that is a fault', () => {
    const bench = atTheEnd();
    bench.returns('call_8');
    bench.reads(endsCalling('resp_8'));
    expect(bench.creations).toHaveLength(8);
    expect(toolChoice(bench)).toBe('none');
    expect(bench.faults).toEqual([
      'The model has called tools in 8 responses in a row: it may not call any in the next.',
    ]);
  });

  it('keeps the parameters that a reply gave for it', () => {
    const bench = atTheEnd();
    bench.returns('call_8', { reply: { params: { instructions: 'Sum up.', tool_choice: 'auto' } } });
    bench.reads(endsCalling('resp_8'));
    expect(bench.creations.at(-1)).toMatchObject({ response: { instructions: 'Sum up.', tool_choice: 'none' } });
  });

  it('ends there: its calls still get outputs and a record, but no follow-up', () => {
    const bench = atTheEnd();
    again(bench, 8);
    bench.forget();
    bench.returns('call_9');
    bench.reads(endsCalling('resp_9'));
    expect(bench.outputs).toHaveLength(1);
    expect(bench.rounds).toMatchObject([{ followUp: 'chain-ended' }]);
    expect(bench.created).toEqual([]);
    expect(bench.faults).toEqual(["The response for 'tool:look' failed: silent."]);
  });

  it('is over when a response calls nothing', () => {
    const bench = atTheEnd();
    bench.returns('call_8');
    bench.reads(endsCalling('resp_8'));
    bench.creates('resp_9');
    bench.reads(endsCalling('resp_9', 'cancelled'));
    bench.speaks('story', 'resp_10');
    bench.reads(call('resp_10', 'call_10'));
    bench.returns('call_10');
    bench.reads(endsCalling('resp_10'));
    expect(toolChoice(bench)).toBeUndefined();
  });

  it('goes on in a retry', () => {
    const bench = given({ tools, limits: { toolRoundsInARow: 2 } });
    const options: Options = { origin: 'retry', depth: 1, attempt: 1 };
    bench.speaks('server-error-retry', 'resp_1', options);
    bench.reads(call('resp_1', 'call_1'));
    bench.returns('call_1');
    bench.reads(endsCalling('resp_1'));
    expect(toolChoice(bench)).toBe('none');
  });
});
