import { describe, expect, it } from 'vitest';
import { guards } from '../../src/machine/index.js';
import { closed, open } from './alphabets.js';
import { explore, say } from './explore.js';

describe('every interleaving of machine, server and network', () => {
  it.each(Object.entries(closed))(
    'of %s keeps the laws',
    (name, alphabet) => {
      const explored = explore(alphabet, { states: Infinity });
      process.stdout.write(say(name, explored));
      expect(explored.wrong).toBeNull();
      expect(explored.closure).toBe('closed');
    },
    120_000,
  );

  it.each(Object.entries(open))(
    'of %s keeps the laws, as deep as there is time for',
    (name, alphabet) => {
      const explored = explore(alphabet, { states: 2_500 });
      process.stdout.write(say(name, explored));
      expect(explored.wrong).toBeNull();
      expect(explored.depth).toBeGreaterThanOrEqual(name === 'everything' ? 2 : 5);
    },
    120_000,
  );

  it.each([
    ['response-active', 'L5', 'two requests, one of which interrupts, a lost socket, close'],
    ['response-imminent', 'L2', 'a request, a turn of the caller, close'],
    ['unconfirmed', 'L1', 'a request, a line that is lost and replaced'],
    ['closing', 'L4', 'a request, a turn of the caller, close'],
    ['hangup-pending', 'L3', 'a tool, a hang-up'],
    ['over-budget', 'L8', 'two requests with money for one, a limit that is raised, close'],
  ])('finds a machine without %s out', (name, law, where) => {
    const guard = guards.find((each) => each.name === name)!;
    const { shut } = guard;
    Object.assign(guard, { shut: () => false });
    const { wrong } = explore(closed[where]!, { states: 15_000 });
    Object.assign(guard, { shut });
    expect(wrong?.says.join()).toContain(law);
  });
});
