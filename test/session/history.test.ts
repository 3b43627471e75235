import { describe, expect, it } from 'vitest';
import type { ConversationItem } from 'openai/resources/realtime/realtime';
import { MisuseError, openSession } from '../../src/index.js';
import { textOf } from '../../src/machine/index.js';
import { createSimulator, type Faults, simulate } from '../../src/simulator/index.js';
import type { ReconnectPlan } from '../../types/index.js';

type History = NonNullable<ReconnectPlan['history']>;

/** What stands in the conversation after a loss: a greeting had been heard before it. */
async function afterLoss(history: History, faulty: Partial<Faults> = {}) {
  const { session, server } = await simulate({ purposes: ['greeting'], reconnect: { history } }, { faults: faulty });
  const faults: Error[] = [];
  session.on('fault', (fault) => void faults.push(fault));
  server.says('Hello, this is the bakery.', { ms: 1_000 });
  await session.respond('greeting').done;
  await new Promise<void>((later) => void server.clock.after(2_000, later));
  const lostAt = server.clock.now();
  server.drop();
  await session.once('back');
  const said = server.server.session?.items.map(
    ({ wire, said: words }) => `${textOf(wire['role']) ?? ''}: ${words.slice(0, 12)}`,
  );
  const awayMs = server.clock.now() - lostAt;
  await session.close();
  return { said, faults: faults.map(({ message }) => message), causes: faults.map(({ cause }) => cause), awayMs };
}
const asItWas = ['assistant: Hello, this ', 'system: This is the '];

const summary: ConversationItem = {
  type: 'message',
  role: 'system',
  content: [{ type: 'input_text', text: 'You have greeted.' }],
};

const call: ConversationItem = { type: 'function_call', call_id: 'call_1', name: 'find', arguments: '{}' };
const output: ConversationItem = { type: 'function_call_output', call_id: 'call_1', output: 'found' };

describe('history of reconnect', () => {
  it('is given what would be told, and says what is told', async () => {
    const shown: string[] = [];
    const { said, faults } = await afterLoss((items) => {
      shown.push(...items.map((item) => (item.type === 'message' ? item.role : item.type)));
      return [...items, summary];
    });
    expect([shown, said, faults]).toEqual([['assistant', 'system'], [...asItWas, 'system: You have gre'], []]);
  });

  it('may take its time, up to a second', async () => {
    const { said, faults } = await afterLoss(async (items) => {
      await Promise.resolve();
      return items.slice(0, 1);
    });
    expect([said, faults]).toEqual([asItWas.slice(0, 1), []]);
  });

  it('that takes longer is a fault, and the conversation is told as it was', async () => {
    const { said, faults, awayMs } = await afterLoss(() => new Promise(() => undefined));
    expect([said, faults]).toEqual([
      asItWas,
      ['history() of reconnect gave nothing within 1000 ms: the conversation is told as it was.'],
    ]);
    expect(awayMs).toBeGreaterThan(1_000);
  });

  it.each(['throws', 'rejects'])(
    'that %s is a fault with what was thrown, and the conversation is told as it was',
    async (how) => {
      const thrown = new Error('the archive is closed');
      const { said, faults, causes } = await afterLoss(() => {
        if (how === 'throws') throw thrown;
        return Promise.reject(thrown);
      });
      expect([said, causes]).toEqual([asItWas, [thrown]]);
      expect(faults[0]).toContain(
        'history() of reconnect failed, and the conversation is told as it was: the archive is closed',
      );
    },
  );

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'returns a list of items'],
    ['no items', ['Hello'], 'returns items of the types message, function_call'],
    ['an event', [{ type: 'response.create' }], 'returns items of the types message, function_call'],
    ['an output without its call', [output], 'returns outputs only after their calls'],
    ['an output before its call', [output, call], 'returns outputs only after their calls'],
    ['a call without its output', [call], 'returns calls only with their outputs'],
    ['what is no JSON', [{ type: 'message', content: 1n }], 'cannot be written as JSON'],
  ])('that returns %s is a fault, and the conversation is told as it was', async (_, given, words) => {
    const { said, faults, causes } = await afterLoss(() => given as readonly ConversationItem[]);
    expect([said, causes[0]]).toEqual([asItWas, expect.any(MisuseError)]);
    expect(faults[0]).toContain(words);
  });

  it('may bring a call with its output', async () => {
    const { said, faults } = await afterLoss((items) => [call, output, ...items]);
    expect([said?.length, faults]).toEqual([4, []]);
  });

  it('loses an output that the server refuses without its name, and not the session', async () => {
    const twice: History = (items) => [call, output, { ...call }, output, ...items];
    const { said, faults } = await afterLoss(twice, { secondToolOutput: 'refused' });
    expect(said?.slice(-2)).toEqual(asItWas);
    expect(faults).toEqual([expect.stringContaining('refused an item that it was told again')]);
  });

  it('changes nothing else by what it does to the items', async () => {
    const { said } = await afterLoss((items) => {
      for (const item of items) Object.assign(item, { role: 'user', content: [] });
      throw new Error('after all');
    });
    expect(said).toEqual(asItWas);
  });

  it('is a function, or nothing is opened', async () => {
    const { transport, clock } = createSimulator();
    const reconnect = { history: 'all' as unknown as History };
    await expect(openSession({ transport, clock, reconnect })).rejects.toThrow('reconnect: history is a function.');
  });
});
