import { describe, expect, it } from 'vitest';
import { jsonSchema, tool } from '../../src/index.js';
import type { ToolRound } from '../../types/index.js';
import { faultsOf, functionCall, ServerByHand, settles } from './by-hand.js';

const parameters = jsonSchema({ type: 'object' });

/** What the model and the operator are told of a tool's result. */
async function returned(made: () => unknown, args = '{}') {
  const seen: unknown[] = [];
  const run = (given: unknown): unknown => (seen.push(given), made());
  const server = new ServerByHand();
  const session = await server.opened({ tools: [tool({ name: 'look_up', description: 'Looks.', parameters, run })] });
  const rounds: ToolRound[] = [];
  session.on('tools', (round) => rounds.push(round));
  const faults = faultsOf(session);
  session.respond('greeting');
  server.creates('resp_1');
  server.says(functionCall('resp_1', 'call_1', 'look_up', args));
  await settles();
  server.completes('resp_1');
  const item = server.last('conversation.item.create')?.['item'] as { readonly output: string } | undefined;
  return { output: item?.output, faults, rounds, seen };
}

/** An object that contains itself. */
function cycle(): object {
  const made: Record<string, unknown> = { name: 'round' };
  made['self'] = made;
  return made;
}

const shared = { city: 'Bern' };

describe('a result that is not JSON is written as well as it can be, and is a fault that names the tool:', () => {
  it.each<[string, () => unknown, unknown]>([
    ['a BigInt', () => 10n, '10'],
    ['a BigInt inside', () => ({ total: 10n }), { total: '10' }],
    ['NaN', () => NaN, 'NaN'],
    ['an infinity inside', () => ({ left: -Infinity }), { left: '-Infinity' }],
    ['a Map', () => new Map([['Bern', 3]]), { Bern: 3 }],
    ['a Map whose keys are not text', () => new Map([[1, 'one']]), [[1, 'one']]],
    ['a Set', () => new Set(['a', 'b']), ['a', 'b']],
    ['an Error', () => new Error('No table is free.'), 'No table is free.'],
    ['a function', () => () => 1, null],
    ['a symbol inside', () => ({ free: 3, kind: Symbol('kind') }), { free: 3 }],
    ['a cycle', cycle, { name: 'round', self: '(circular)' }],
    [
      'a getter that throws',
      () => ({
        free: 3,
        get secret() {
          throw new Error('hunter2');
        },
      }),
      { free: 3, secret: '(unreadable)' },
    ],
    [
      'a toJSON that throws',
      () => ({
        toJSON() {
          throw new Error('hunter2');
        },
      }),
      '(unreadable)',
    ],
    ['a proxy that throws', () => new Proxy({}, { ownKeys: thrower, getPrototypeOf: thrower }), '(unreadable)'],
  ])('%s', async (_, made, written) => {
    const { output, faults, rounds } = await returned(made);
    expect(JSON.parse(output ?? '')).toEqual(written);
    expect(faults).toEqual([expect.stringContaining("'look_up'")]);
    expect(rounds).toMatchObject([{ calls: [{ result: 'answered' }], followUp: 'asked' }]);
    expect(output).not.toContain('hunter2');
  });
});

describe('a result that is JSON is written as JSON says it:', () => {
  it.each<[string, () => unknown, string]>([
    ['an object', () => ({ free: 3 }), '{"free":3}'],
    ['a string, as it is', () => 'Three are free.', 'Three are free.'],
    ['nothing', () => undefined, 'null'],
    ['null', () => null, 'null'],
    ['a Date, by its toJSON', () => new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['the same object twice, which is no cycle', () => [shared, shared], '[{"city":"Bern"},{"city":"Bern"}]'],
    ['a field that is undefined, left out', () => ({ free: 3, busy: undefined }), '{"free":3}'],
    ['a promise', () => Promise.resolve(7), '7'],
  ])('%s', async (_, made, written) => {
    const { output, faults } = await returned(made);
    expect([output, faults]).toEqual([written, []]);
  });
});

describe('the arguments of a call', () => {
  it.each(['', '  ', '{}'])('that are empty are an empty object: %j', async (args) => {
    const { seen, rounds } = await returned(() => 1, args);
    expect([seen, rounds[0]?.calls[0]?.result]).toEqual([[{}], 'answered']);
  });

  it('that are no JSON do not run the tool: the model is told so', async () => {
    const { seen, output, rounds } = await returned(() => 1, '{"day":');
    expect([seen, rounds[0]?.calls[0]?.result]).toEqual([[], 'invalid']);
    expect(output).toContain('not valid JSON');
  });
});

function thrower(): never {
  throw new Error('hunter2');
}
