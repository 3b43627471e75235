import { setTimeout as sleep } from 'node:timers/promises';
import { expectVerdict, simulate } from 'gated-realtime/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../examples/phone-agent/database.js';
import { officeOn, type Office } from '../../examples/phone-agent/office.js';
import { receptionist, type CallState } from '../../examples/phone-agent/receptionist.js';
import { rowsOf } from '../../examples/phone-agent/simulated/timeline.js';

// What the receptionist says and does, in memory and with a real database: no carrier, no socket, no waiting.

let database: Database;
let office: Office;
let count = 0;
beforeAll(async () => {
  database = await openDatabase({});
  office = officeOn(database);
});
afterAll(() => database.close());

/** A call that has been picked up. */
async function pickedUp(works: Partial<Office> = {}, patienceMs = 60_000) {
  count += 1;
  const callSid = `CA-simulated-${count}`;
  await office.callBegan(callSid, '+15550100');
  const state: CallState = { operator: 'away', toolsAtWork: 0 };
  const limits = { silenceMs: 60_000, patienceMs, nudges: 1, turns: 40, budgetUsd: 5 };
  const left: string[] = [];
  const hangUp = () => void left.push('hung up');
  const plan = receptionist({ callSid, office: { ...office, ...works }, limits, today: null, state, hangUp });
  return { ...(await simulate(plan)), callSid, state, left };
}

test('an appointment that the model books is in the book, and is confirmed by one answer', async () => {
  const { session, server, callSid } = await pickedUp();
  server.calls('schedule_appointment', { name: 'Ann', date: '2027-06-07', time: '10:00' });
  server.says('You are booked for ten.');
  const round = session.once('response.output_audio_transcript.done');
  server.caller.speaks('Monday at ten, please. My name is Ann.');

  expect((await round).transcript).toBe('You are booked for ten.');
  expect((await rowsOf(callSid, database)).appointments).toHaveLength(1);
  await session.close();
});

test('a caller who waits long for the book is asked for a moment', async () => {
  const freeTimes = () => sleep(200, ['10:00']);
  const { session, server } = await pickedUp({ freeTimes }, 20);
  const asked: string[] = [];
  session.on('verdict', ({ purpose }) => asked.push(purpose));
  server.calls('check_availability', { date: '2027-06-07' });
  server.says('One moment, please.');
  server.says('Ten is free.');
  const round = new Promise<string>((resolve) => session.on('tools', ({ calls }) => resolve(calls[0]!.result)));
  server.caller.speaks('What is free on Monday?');

  expect(await round).toBe('answered');
  expect(asked[0]).toBe('tool:check_availability');
  await session.close();
});

test('nothing is said while an operator has the call, and a goodbye is heard before it ends', async () => {
  const { session, server, state, left } = await pickedUp();
  state.operator = 'has the call';
  const nudge = session.respond('nudge');
  expectVerdict(nudge).toHold('operator');
  state.operator = 'away';
  session.reconsider();
  server.says('Are you still there?');
  expect((await nudge.done).status).toBe('completed');
  server.calls('end_call');
  server.says('Goodbye!');
  server.caller.speaks('No, thank you, that was all.');

  expect(await session.closed).toEqual({ kind: 'hung-up', farewell: 'heard' });
  expect(left).toEqual(['hung up']);
});
