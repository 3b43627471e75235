import { describe, expect, it } from 'vitest';
import { guards } from '../../src/machine/index.js';
import { closed, everything } from './alphabets.js';
import { explore, say } from './explore.js';

describe('every interleaving of gate, server and network', () => {
  it.each(Object.entries(closed))(
    'of %s keeps the laws',
    (name, budget) => {
      const explored = explore(budget, { states: Infinity });
      process.stdout.write(say(name, explored));
      expect(explored.wrong).toBeNull();
      expect(explored.closure).toBe('closed');
    },
    120_000,
  );

  it('of everything keeps the laws, as deep as there is time for', () => {
    const explored = explore(everything, { states: 15_000 });
    process.stdout.write(say('everything', explored));
    expect(explored.wrong).toBeNull();
    expect(explored.depth).toBeGreaterThanOrEqual(6);
  }, 120_000);

  it.each([
    ['response-active', 'L5'],
    ['response-imminent', 'L2'],
    ['closing', 'L4'],
  ])('finds a gate without %s out', (name, law) => {
    const guard = guards.find((each) => each.name === name)!;
    const { shut } = guard;
    Object.assign(guard, { shut: () => false });
    const { wrong } = explore(everything, { states: 15_000 });
    Object.assign(guard, { shut });
    expect(wrong?.says.join()).toContain(law);
  });
});
