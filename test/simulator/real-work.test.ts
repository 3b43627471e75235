import { execFile } from 'node:child_process';
import { scrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonSchema, tool } from '../../src/index.js';
import { simulate, virtualClock } from '../../src/simulator/index.js';
import type { VirtualClock } from '../../src/simulator/index.js';

const realMs = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const hourMs = 3_600_000;

/** Whether `work` ends before the clock reaches an hour, as a deadline would. */
async function beatsDeadline(clock: VirtualClock, work: () => Promise<unknown>): Promise<boolean> {
  const deadline = new Promise<boolean>((resolve) => clock.after(hourMs, () => resolve(false)));
  return Promise.race([work().then(() => true), deadline]);
}

const answerOverHttp = () =>
  new Promise<void>((resolve, reject) => {
    const server = createServer((_, response) => void setTimeout(() => response.end('nine'), 20));
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      get({ port, host: '127.0.0.1', agent: false }, (response) => {
        response.resume().on('end', () => {
          server.close();
          resolve();
        });
      }).on('error', reject);
    });
  });

/**
 * The runner's own timers end shortly after a test begins; one that ends during the test would be mistaken for the
 * test's.
 */
beforeEach(async () => {
  for (const until = performance.now() + 1000; performance.now() < until; await new Promise(setImmediate)) {
    if (!process.getActiveResourcesInfo().includes('Timeout')) return;
  }
});
afterEach(() => vi.useRealTimers());

describe('a clock that runs when idle, and real work', () => {
  it.each([
    ['a timer', () => realMs(30)],
    ['a file', () => readFile(import.meta.filename)],
    ['a connection', answerOverHttp],
    ['another process', () => promisify(execFile)(process.execPath, ['--version'])],
    [
      'many short things in a row',
      async () => {
        for (let count = 0; count < 10; count += 1) await realMs(2);
      },
    ],
  ])('stands still while somebody waits for %s', async (_, work) => {
    expect(await beatsDeadline(virtualClock({ runs: 'when-idle', realWaitMs: 5000 }), work)).toBe(true);
  });

  it('stands still while appointments lie close together, too', async () => {
    const clock = virtualClock({ runs: 'when-idle' });
    const frame = () => void clock.after(20, frame);
    frame();
    expect(await beatsDeadline(clock, () => realMs(30))).toBe(true);
    clock.stop();
    expect(clock.now()).toBeLessThan(5000);
  });

  it('lets a tool that waits for a real timer answer before its deadline', async () => {
    const lookup = tool({
      name: 'lookup',
      description: 'Looks up.',
      parameters: jsonSchema({ type: 'object', properties: {} }),
      run: () => realMs(30).then(() => 'nine'),
    });
    const { session, server } = await simulate({ tools: [lookup] });
    const round = new Promise<any>((resolve) => session.on('tools', resolve));
    server.calls('lookup', {});
    server.caller.speaks('When can I come?');
    expect((await round).calls[0].result).toBe('answered');
    await session.close();
  });

  it('goes on once work has lasted for too long, and does not wait for that again', async () => {
    const clock = virtualClock({ runs: 'when-idle', realWaitMs: 60 });
    const interval = setInterval(() => {}, 10);
    const began = performance.now();
    expect(await beatsDeadline(clock, () => new Promise(() => {}))).toBe(false);
    const first = performance.now() - began;
    for (let count = 0; count < 20; count += 1) await beatsDeadline(clock, () => new Promise(() => {}));
    clearInterval(interval);
    expect(first).toBeGreaterThan(40);
    expect(performance.now() - began - first).toBeLessThan(first * 10);
  });

  it('waits for nothing that was there before it', async () => {
    const interval = setInterval(() => {}, 10);
    const clock = virtualClock({ runs: 'when-idle', realWaitMs: 5000 });
    const began = performance.now();
    expect(await beatsDeadline(clock, () => new Promise(() => {}))).toBe(false);
    clearInterval(interval);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('does not wait for the other clocks of the process', async () => {
    const began = performance.now();
    const outcomes = Array.from({ length: 20 }, async (_, index) => {
      await realMs(index);
      const clock = virtualClock({ runs: 'when-idle', realWaitMs: 60_000 });
      const outcome = await beatsDeadline(clock, () => realMs(60));
      await beatsDeadline(clock, () => new Promise(() => {}));
      return outcome;
    });
    expect(await Promise.all(outcomes)).not.toContain(false);
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('waits as long as it takes for what it is told of', async () => {
    const clock = virtualClock({ runs: 'when-idle', realWaitMs: 0 });
    const hash = () => clock.waitFor(promisify(scrypt)('secret', 'salt', 32));
    expect(await beatsDeadline(clock, hash)).toBe(true);
    expect(clock.now()).toBe(0);
    expect(await beatsDeadline(clock, () => new Promise(() => {}))).toBe(false);
  });

  it('goes on by itself once that has ended', async () => {
    const clock = virtualClock({ runs: 'when-idle' });
    const appointment = new Promise<void>((resolve) => clock.after(hourMs, resolve));
    await clock.waitFor(realMs(5));
    expect(clock.now()).toBe(0);
    await appointment;
    expect(clock.now()).toBe(hourMs);
  });

  it('goes on when what it is told of fails', async () => {
    const clock = virtualClock({ runs: 'when-idle' });
    await expect(clock.waitFor(realMs(5).then(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
    await new Promise<void>((resolve) => clock.after(hourMs, resolve));
    expect(clock.now()).toBe(hourMs);
  });
});

describe('a clock that runs when idle, and a test runner that has replaced the timers', () => {
  const everything = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance', 'queueMicrotask'] as const;

  it('still runs', async () => {
    vi.useFakeTimers({ toFake: [...everything] });
    const { session } = await simulate({ purposes: ['greeting'] });
    expect((await session.respond('greeting').done).status).toBe('completed');
    await session.close();
  });

  it('still runs if they were replaced before it was loaded', async () => {
    vi.useFakeTimers({ toFake: [...everything] });
    vi.resetModules();
    const fresh = await import('../../src/simulator/clock.js');
    const clock = fresh.virtualClock({ runs: 'when-idle' });
    await new Promise<void>((resolve) => clock.after(hourMs, resolve));
    expect(clock.now()).toBe(hourMs);
  });

  it('does not wait for a timer that the runner holds', async () => {
    vi.useFakeTimers({ toFake: [...everything] });
    const clock = virtualClock({ runs: 'when-idle', realWaitMs: 5000 });
    expect(await beatsDeadline(clock, () => realMs(30))).toBe(false);
  });
});
