import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeOnSignal } from '../../examples/shared/shutdown.js';
import { within } from '../../examples/shared/within.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** A process that only receives signals and is told to exit, and what it was told. */
function host() {
  const exit = vi.fn();
  const log = { info: vi.fn(), error: vi.fn() };
  const signals = new EventEmitter();
  return { exit, log, signals, host: Object.assign(signals, { exit }) as never };
}
const never = new Promise<never>(() => undefined);

test('closes once, and exits with 0 when everything is closed', async () => {
  const { exit, log, signals, host: on } = host();
  const close = vi.fn(() => new Promise((resolve) => setTimeout(resolve, 100)));
  closeOnSignal({ close, log, host: on });
  signals.emit('SIGTERM');
  expect(exit).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(100);

  expect(close).toHaveBeenCalledOnce();
  expect(exit.mock.calls).toEqual([[0]]);
});

test('exits with 1, and says why, if closing fails', async () => {
  const { exit, log, signals, host: on } = host();
  const err = new Error('The pool has ended.');
  closeOnSignal({ close: () => Promise.reject(err), log, host: on });
  signals.emit('SIGINT');
  await vi.advanceTimersByTimeAsync(0);

  expect(log.error.mock.calls).toEqual([[{ err }, 'shutting down failed']]);
  expect(exit.mock.calls).toEqual([[1]]);
});

test('exits with 1 if closing takes too long', async () => {
  const { exit, log, signals, host: on } = host();
  closeOnSignal({ close: () => never, log, host: on, withinMs: 1_000 });
  signals.emit('SIGTERM');
  await vi.advanceTimersByTimeAsync(999);
  expect(exit).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);

  expect(exit.mock.calls).toEqual([[1]]);
});

test('a second signal, of either kind, ends the process at once', () => {
  const { exit, log, signals, host: on } = host();
  const close = vi.fn(() => never);
  closeOnSignal({ close, log, host: on });
  signals.emit('SIGTERM');
  signals.emit('SIGINT');

  expect(close).toHaveBeenCalledOnce();
  expect(exit.mock.calls).toEqual([[1]]);
});

test('a deadline leaves no timer behind', async () => {
  await within(1_000, Promise.resolve('in time'));
  await expect(within(1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(vi.getTimerCount()).toBe(0);
});

const settings = {
  'sip-sideband': { OPENAI_WEBHOOK_SECRET: 'whsec_c2VjcmV0' },
  'phone-agent': {
    TWILIO_AUTH_TOKEN: '0123456789abcdef',
    OPERATOR_TOKEN: 'fedcba9876543210',
    PUBLIC_URL: 'https://agent.example.com',
    DATABASE_URL: '',
    DATABASE_DIRECTORY: '',
  },
};

test.each(Object.entries(settings))(
  '%s exits with 0 on SIGTERM',
  async (name, env) => {
    vi.useRealTimers();
    const child = spawn(process.execPath, ['--import', 'tsx', `examples/${name}/main.ts`], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { ...process.env, OPENAI_API_KEY: 'sk-test', HOST: '127.0.0.1', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const told: { msg: string; signal?: string }[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      const entry = JSON.parse(line) as { msg: string };
      told.push(entry);
      if (entry.msg.startsWith('Server listening')) child.kill('SIGTERM');
    }

    expect(await exited).toEqual([0, null]);
    expect(told.at(-1)).toMatchObject({ msg: 'shutting down', signal: 'SIGTERM' });
  },
  30_000,
);
