import { listen } from 'gated-realtime/simulator';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApp } from '../../examples/phone-agent/app.js';
import { openDatabase } from '../../examples/phone-agent/database.js';
import { officeOn, type Office } from '../../examples/phone-agent/office.js';
import { SimulatedCaller } from '../../examples/phone-agent/simulated/caller.js';

// What a process that runs calls tells whoever watches over it.

const authToken = 'a-token-of-twilio';
const publicUrl = new URL('https://agent.example.com');

let app: FastifyInstance;
let office: Partial<Office>;
let modelUrl: string | undefined;

async function start(dayBudgetUsd = 50): Promise<void> {
  app = await createApp({
    config: { twilio: { authToken }, publicUrl, operatorToken: 'an-operator-token', dayBudgetUsd },
    office: office as Office,
    logLevel: 'silent',
    serve: () => ({
      openai: { model: 'gpt-realtime-2.1', apiKey: 'sk-test', url: modelUrl },
      limits: { silenceMs: 60_000, patienceMs: 60_000, nudges: 1, turns: 40, budgetUsd: 5 },
    }),
  });
}

beforeEach(() => {
  office = {
    isOpen: () => Promise.resolve(),
    callBegan: () => Promise.resolve(),
    callEnded: () => Promise.resolve(),
  };
});
afterEach(async () => {
  vi.useRealTimers();
  await app.close();
});

async function probe(path: string): Promise<readonly [number, unknown]> {
  const { statusCode, body } = await app.inject({ method: 'GET', url: path });
  return [statusCode, JSON.parse(body) as unknown];
}

test('a process that would serve a call well is ready', async () => {
  await start();
  expect(await probe('/ready')).toEqual([200, { ready: true, calls: 'open', book: 'open', budget: 'left' }]);
});

test('a process whose database cannot be read is healthy, and not ready', async () => {
  office.isOpen = () => Promise.reject(new Error('The database is down.'));
  await start();

  expect(await probe('/ready')).toEqual([503, expect.objectContaining({ ready: false, book: 'cannot be read' })]);
  expect(await probe('/health')).toEqual([200, { calls: 0 }]);
});

test('a database that does not answer is not waited for: after two seconds the process is not ready', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  office.isOpen = () => new Promise(() => undefined);
  await start();
  const answer = probe('/ready');
  await vi.waitUntil(() => vi.getTimerCount() > 0);
  await vi.advanceTimersByTimeAsync(2_000);

  expect(await answer).toEqual([503, expect.objectContaining({ book: 'cannot be read' })]);
});

test('however many ask at once whether it is ready, the database is asked once', async () => {
  let answer = (): void => undefined;
  office.isOpen = vi.fn(() => new Promise<void>((resolve) => void (answer = resolve)));
  await start();
  const answers = Promise.all([probe('/ready'), probe('/ready'), probe('/ready')]);
  await vi.waitUntil(() => vi.mocked(office.isOpen!).mock.calls.length > 0);
  answer();

  expect((await answers).map(([status]) => status)).toEqual([200, 200, 200]);
  expect(office.isOpen).toHaveBeenCalledOnce();
});

test('a process that is saying goodbye to its calls is healthy, and not ready', async () => {
  const model = await listen({ pace: 10 });
  modelUrl = model.url;
  await start();
  const { host } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const agent = { address: host, publicUrl, authToken };
  const caller = await SimulatedCaller.dial({ agent, callSid: 'CA1', from: '+15550100', pace: 10, onEvent: vi.fn() });
  let writtenDown = (): void => undefined;
  const written = new Promise<void>((resolve) => void (writtenDown = resolve));
  office.callEnded = () => written;
  await vi.waitUntil(() => model.servers.length > 0);
  const closing = app.close();
  const ready = await fetch(`http://${host}/ready`);
  const health = await fetch(`http://${host}/health`);

  expect([ready.status, await ready.json()]).toEqual([
    503,
    expect.objectContaining({ ready: false, calls: 'closing' }),
  ]);
  expect([health.status, await health.json()]).toEqual([200, { calls: 1 }]);
  writtenDown();
  await closing;
  await caller.ended;
  await model.close();
});

test('the database that the agent comes with can be read', async () => {
  const database = await openDatabase({});
  office = officeOn(database);
  await start();
  expect((await probe('/ready'))[0]).toBe(200);

  await database.close();
  expect((await probe('/ready'))[0]).toBe(503);
});
