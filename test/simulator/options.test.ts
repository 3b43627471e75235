/** Options of the simulator that nobody knows, or that nothing can be made of. */
import { describe, expect, it, test } from 'vitest';
import { MisuseError } from '../../src/errors.js';
import {
  createServer,
  createSimulator,
  listen,
  noFaults,
  noLatency,
  simulate,
  virtualClock,
} from '../../src/simulator/index.js';

const unknown = { sped: 8 } as object;

/** What is thrown, or rejected with. */
async function refusal(act: () => unknown): Promise<Error> {
  try {
    await act();
  } catch (error) {
    if (error instanceof MisuseError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('an option that nobody knows is refused by name, with those that there are', () => {
  test.each<[string, () => unknown, string?]>([
    ['createServer()', () => createServer(unknown)],
    ['The simulator', () => createSimulator(unknown)],
    ['The simulator', () => simulate({}, unknown)],
    ['listen()', () => listen(unknown)],
    ['An answer', () => createSimulator().says('Yes.', unknown)],
    ['An answer', () => createSimulator().calls('look_up', {}, unknown)],
    ['The simulator', () => createSimulator({ greeting: unknown }), 'greeting.sped'],
    ['hosts()', () => createSimulator().hosts('shop', unknown)],
    ['misbehaves()', () => createSimulator().misbehaves(unknown)],
    ['caller.speaks()', () => createSimulator().caller.speaks('Hello?', unknown)],
  ])('%s', async (what, act, option = 'sped') => {
    expect((await refusal(act)).message).toMatch(`${what} has no option '${option}': it takes `);
  });

  it('inside another as well, by its path', async () => {
    const given = { faults: { refusl: 3000 }, latency: {} } as object;
    expect((await refusal(() => createSimulator(given))).message).toMatch("no option 'faults.refusl': it takes ");
  });
});

describe('a script that is given to listen() is held to the rules of a file', () => {
  it.each([{ stepz: [] }, { steps: [{ say: 'Yes.' }] }])('%o', async (script) => {
    expect((await refusal(() => listen({ script: script as object }))).message).toMatch('The script is wrong');
  });
});

describe('a value that nothing can be made of is refused with what would be right', () => {
  test.each<[object, string]>([
    [{ speed: 'fast' }, "Invalid type for 'speed': expected a number, but got a string instead."],
    [{ faults: { refusal: { next: 1, by: 'http418' } } }, "Invalid value: 'http418'. Supported values are: 3000, 4000"],
    [{ faults: { refusal: { by: 3000 } } }, "Missing required parameter: 'faults.refusal.next'."],
    [{ keeps: 'some' }, "Invalid value: 'some'. Supported values are: 'all', and 'nothing'. (at keeps)"],
  ])('%o', async (given, message) => {
    expect((await refusal(() => createSimulator(given))).message).toContain(`The simulator: ${message}`);
  });

  it('and so the faults stay as they were', async () => {
    const simulator = createSimulator();
    await refusal(() => simulator.misbehaves({ rateLimits: 'sometimes' as never, noPing: true }));
    expect(simulator.server.faults).toEqual(noFaults);
  });
});

describe('an option that is undefined counts as left out', () => {
  test('in the items of an answer as well', () => {
    expect(() => createSimulator().replies({ items: [{ says: 'Yes.', ms: undefined as never }] })).not.toThrow();
  });

  test('in an object without a prototype as well', () => {
    const given: object = Object.assign(Object.create(null) as object, { model: undefined });
    expect(createServer(given).options).toEqual(createServer().options);
  });

  test('of the server, of its latencies and of its faults', () => {
    const given = { seed: undefined, latency: { create: undefined }, faults: { hangup: undefined } } as object;
    expect(createServer(given)).toEqual(createServer());
  });
});

test('a clock is used as it is given', () => {
  const clock = { ...virtualClock() };
  expect(createSimulator({ clock }).clock).toBe(clock);
});

test('every option that there is is known', () => {
  const { options } = createServer({ latency: noLatency, faults: noFaults, speed: Infinity });
  expect(createServer(options).options).toEqual(options);
});
