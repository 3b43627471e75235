import { EventEmitter } from 'node:events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase, pooled, type Database } from '../../examples/phone-agent/database.js';
import { officeOn, type Office } from '../../examples/phone-agent/office.js';
import { rowsOf } from '../../examples/phone-agent/simulated/timeline.js';

let database: Database;
let office: Office;
let count = 0;

beforeAll(async () => {
  database = await openDatabase({});
  office = officeOn(database);
});
afterAll(() => database.close());

/** A call that has begun, on a Monday of its own. */
async function begun() {
  count += 1;
  const callSid = `CA${count}`;
  await office.callBegan(callSid, '+15550100');
  const date = new Date(Date.UTC(2027, 2, 1 + 7 * count)).toISOString().slice(0, 10);
  return { callSid, booking: { functionCallId: 'call_1', name: 'Ann', date, time: '10:00' } };
}

const { signal } = new AbortController();
const lead = { functionCallId: 'call_1', name: 'Ann', phone: '5550100', wish: 'a check-up' };

test('a booking that is delivered again is answered as it was the first time', async () => {
  const { callSid, booking } = await begun();
  const first = await office.book(callSid, booking, signal);

  expect(first).toEqual({ booked: true, at: `${booking.date} 10:00` });
  expect(await office.book(callSid, booking, signal)).toEqual(first);
  expect((await rowsOf(callSid, database)).appointments).toHaveLength(1);
});

test('a booking that is delivered twice at once is booked once, and both are told so', async () => {
  const { callSid, booking } = await begun();
  const answers = await Promise.all([1, 2].map(() => office.book(callSid, booking, signal)));

  expect(answers.map(({ booked }) => booked)).toEqual([true, true]);
  expect((await rowsOf(callSid, database)).appointments).toHaveLength(1);
});

test('another function call, of the same call or of another, is told that the time is taken', async () => {
  const [one, other] = [await begun(), await begun()];
  await office.book(one.callSid, one.booking, signal);
  const again = { ...one.booking, functionCallId: 'call_2' };

  expect((await office.book(one.callSid, again, signal)).booked).toBe(false);
  expect((await office.book(other.callSid, one.booking, signal)).booked).toBe(false);
});

test('a booking that was taken back because the caller had gone can be made again', async () => {
  const { callSid, booking } = await begun();

  await expect(office.book(callSid, booking, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect((await office.book(callSid, booking, signal)).booked).toBe(true);
});

test('a lead that is delivered again is saved once', async () => {
  const { callSid } = await begun();
  await office.saveLead(callSid, lead);
  await office.saveLead(callSid, lead);

  expect((await rowsOf(callSid, database)).leads).toEqual([{ name: 'Ann', phone: '5550100', wish: 'a check-up' }]);
});

test('a lead that is delivered again does not undo its correction', async () => {
  const { callSid } = await begun();
  await office.saveLead(callSid, lead);
  await office.saveLead(callSid, { ...lead, functionCallId: 'call_2', phone: '5550199' });
  await office.saveLead(callSid, lead);

  expect((await rowsOf(callSid, database)).leads).toMatchObject([{ phone: '5550199' }]);
});

test('a lead that no function call brings is saved each time', async () => {
  const { callSid } = await begun();
  for (const wish of ['a check-up', 'a call back']) await office.saveLead(callSid, { name: 'Ann', phone: '1', wish });

  expect((await rowsOf(callSid, database)).leads).toMatchObject([{ wish: 'a call back' }]);
});

/** A connection whose queries go as told; `released` is what it was given back with. */
function connection(query: (sql: string) => Promise<{ rows: object[] }>) {
  const client = Object.assign(new EventEmitter(), { query, release: vi.fn() });
  return { client, database: pooled({ connect: () => Promise.resolve(client) } as never) };
}
const done = () => Promise.resolve({ rows: [] });

test('a connection that dies in a transaction, between two queries, does not end the process', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { client, database } = connection(done);
  await database.transaction(async () => client.emit('error', new Error('terminated\u001b[2J')));

  expect(complaints.mock.calls).toEqual([['A database connection was lost: terminated\\u001b[2J']]);
  expect(client.listenerCount('error')).toBe(0);
  complaints.mockRestore();
});

test('a transaction tells why it failed, even where it cannot be rolled back; that connection is not used again', async () => {
  const broken = new Error('the connection is gone');
  const { client, database } = connection((sql) => (sql === 'rollback' ? Promise.reject(broken) : done()));

  await expect(database.transaction(() => Promise.reject(new Error('the calendar is full')))).rejects.toThrow(
    'the calendar is full',
  );
  expect(client.release.mock.calls).toEqual([[broken]]);
});

test('a transaction that is rolled back gives its connection back for others', async () => {
  const { client, database } = connection(done);

  await expect(database.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(client.release.mock.calls).toEqual([[undefined]]);
});
