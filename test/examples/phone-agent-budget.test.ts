import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stage } from '../../examples/phone-agent/simulated/stage.js';
import { startWorld, type World } from '../../examples/phone-agent/simulated/world.js';

// A day whose budget one short call spends.

let world: World;
let first: Stage;

beforeAll(async () => {
  world = await startWorld({ dayBudgetUsd: 0.101 });
  first = await world.dial({ prepare: (model) => model.says('Oak Street Dental, good morning.') });
  first.model.says('I must end the call here, a colleague will call you back. Goodbye!');
  await first.over();
});
afterAll(() => world.close());

test('the call that spends what was left of the day is ended by a goodbye that is heard to its end', () => {
  expect(first.log.ending).toEqual({ kind: 'hung-up', farewell: 'heard' });
});

test('who calls once the budget of the day is spent hears so from Twilio, at no cost', async () => {
  await expect(world.dial()).rejects.toThrow('<Say>We are sorry, we cannot take any more calls at the moment.');
});
