import { scrypt } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonSchema, tool } from '../../src/index.js';
import { simulate } from '../../src/simulator/index.js';
import type { Simulator } from '../../src/simulator/index.js';

let shop: Server;
let address: string;
let database: PGlite;
beforeAll(async () => {
  shop = createServer((_, response) => void setTimeout(() => response.end('nine'), 60));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  database = await PGlite.create();
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await database.close();
  shop.closeAllConnections();
  shop.close();
});

const textOf = async (url: string): Promise<string> => (await fetch(url)).text();
const parameters = jsonSchema({ type: 'object', properties: {} });

type Work = (server: Simulator) => Promise<unknown>;

/** Calls a tool several times in a row: the result of each call, and the virtual time it took. */
async function called(work: Work, times = 1) {
  const run = (): Promise<unknown> => work(server);
  const lookUp = tool({ name: 'look_up', description: 'Looks up.', parameters, run, reply: 'silent' });
  const { session, server } = await simulate({ tools: [lookUp] });
  const results: string[] = [];
  for (let count = 0; count < times; count += 1) {
    const round = new Promise<string>((resolve) => {
      const stop = session.on('tools', ({ calls }) => {
        stop();
        resolve(calls[0]!.result);
      });
    });
    server.calls('look_up');
    server.caller.speaks('When are you open?');
    results.push(await round);
  }
  const ms = server.clock.now();
  await session.close();
  return { results, ms };
}

describe('a tool of a simulated session that takes real time', () => {
  it.each<[string, Work]>([
    ['a timer of 300 ms', () => sleep(300, 'nine')],
    ['a fetch on loopback', () => textOf(address)],
    ['two fetches in a row', async () => [await textOf(address), await textOf(address)]],
    ['a database in this process', () => database.query('select pg_sleep(0.05)')],
    [
      'what the platform does not tell of, told to the clock',
      ({ clock }) => clock.waitFor(promisify(scrypt)('a', 'b', 32)),
    ],
  ])('answers before its deadline: %s', async (_, work) => {
    const { results, ms } = await called(work);
    expect(results).toEqual(['answered']);
    expect(ms).toBeLessThan(15_000);
  });

  it('answers each time, over a connection that stays open as well', async () => {
    expect((await called(() => textOf(address), 3)).results).toEqual(['answered', 'answered', 'answered']);
  });

  it('is not waited for where it never answers: its deadline passes', async () => {
    const { results, ms } = await called(() => new Promise(() => undefined));
    expect(results).toEqual(['timed-out']);
    expect(ms).toBeGreaterThanOrEqual(15_000);
  });
});

describe('simulate() where vitest has replaced the timers, as it does by default', () => {
  it('holds a conversation, and its tools answer', async () => {
    vi.useFakeTimers();
    expect((await called(() => Promise.resolve('nine'))).results).toEqual(['answered']);
  });

  it('leaves a tool that waits for a replaced timer to the test, which moves it', async () => {
    vi.useFakeTimers();
    const moved = called(() => {
      const work = new Promise((resolve) => setTimeout(resolve, 5_000, 'nine'));
      queueMicrotask(() => vi.advanceTimersByTime(5_000));
      return work;
    });
    expect((await moved).results).toEqual(['answered']);
  });

  it('lets the deadline of a tool pass where nobody moves its timer', async () => {
    vi.useFakeTimers();
    const waits = () => new Promise((resolve) => setTimeout(resolve, 5_000, 'nine'));
    expect((await called(waits)).results).toEqual(['timed-out']);
  });
});
