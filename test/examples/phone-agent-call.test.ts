import { sharedBudget } from 'gated-realtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Call } from '../../examples/phone-agent/call.js';
import { Calls } from '../../examples/phone-agent/calls.js';
import { Keypad } from '../../examples/phone-agent/keypad.js';
import type { Office } from '../../examples/phone-agent/office.js';
import { Silence } from '../../examples/phone-agent/silence.js';
import { TwilioStream } from '../../examples/phone-agent/twilio-stream.js';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

const never = new Promise<never>(() => undefined);
const down = () => Promise.reject(new Error('The database is down.'));
const mark = { event: 'mark', mark: { name: 'item_1 20' } } as const;

/** A call of an office that has only what is given; its stream and its log write down what they are told. */
function call(works: Partial<Office>) {
  const logged: { err?: Error; message: string }[] = [];
  const note = (about: object, message: string) => void logged.push({ ...about, message });
  const socket = { send: vi.fn(), close: vi.fn() };
  const office = { callBegan: down, callEnded: () => Promise.resolve(), ...works } as Office;
  const made = new Call({
    callSid: 'CA1',
    caller: '+15550100',
    office,
    limits: { silenceMs: 100, nudges: 1, turns: 40, patienceMs: 1_000, budgetUsd: 5 },
    today: sharedBudget({ limit: 50 }),
    stream: new TwilioStream(socket, 'MZ1'),
    openai: { model: 'gpt-realtime-2.1', apiKey: 'sk-test', url: 'ws://127.0.0.1:9/v1/realtime' },
    log: { info: note, warn: note, error: note },
  });
  return { call: made, socket, logged };
}

test('whatever the carrier says once the call is over sets no timer', async () => {
  const { call: over } = call({});
  expect(await over.ended).toBe('failed');
  over.take(mark);
  over.take({ event: 'dtmf', dtmf: { digit: '1' } });
  over.take({ event: 'media', media: { payload: '' } });

  expect(vi.getTimerCount()).toBe(0);
});

test('whatever the carrier says between the hang-up and the end of the call sets no timer', async () => {
  const { call: leaving } = call({ callBegan: () => never });
  leaving.take({ event: 'stop' });
  const before = vi.getTimerCount();
  leaving.take(mark);
  leaving.take({ event: 'dtmf', dtmf: { digit: '1' } });

  expect(vi.getTimerCount()).toBe(before);
});

test('a caller who hangs up twice has hung up once', async () => {
  const { call: left, logged } = call({ callBegan: () => new Promise((_, reject) => setTimeout(reject, 10)) });
  left.take({ event: 'stop' });
  left.take({ event: 'stop' });
  left.leave('the connection to the caller was lost');
  await vi.advanceTimersByTimeAsync(10);

  expect(await left.ended).toBe('the caller hung up');
  expect(logged).toEqual([{ ending: 'the caller hung up', usd: null, message: 'the call is over' }]);
});

test('a call does not wait for a database that never answers', async () => {
  const { call: stuck, socket, logged } = call({ callBegan: () => never, callEnded: () => never });
  await vi.advanceTimersByTimeAsync(10_000);

  expect(await stuck.ended).toBe('failed');
  expect(socket.close).toHaveBeenCalledOnce();
  expect(logged.map(({ message }) => message)).toEqual([
    'the call failed',
    'the call is over',
    'how the call ended was not written down',
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a database that is down, even one that throws, leaves a call ended and its errors logged as err', async () => {
  const throws = () => {
    throw new Error('The pool has ended.');
  };
  const { call: failed, logged } = call({ callEnded: throws });

  expect(await failed.ended).toBe('failed');
  expect(logged.flatMap(({ err }) => (err ? [err.message] : []))).toEqual([
    'The database is down.',
    'The pool has ended.',
  ]);
});

test('a webhook that is delivered again lets in no second stream: not during the call, not after it', async () => {
  const calls = new Calls();
  calls.expect('CA1', '+15550100');
  expect(calls.claim('CA1')).toBe('+15550100');
  const { call: first } = call({});
  calls.add('CA1', first);

  calls.expect('CA1', '+15550100');
  expect(calls.claim('CA1')).toBeNull();
  await first.ended;
  calls.expect('CA1', '+15550100');
  expect(calls.claim('CA1')).toBeNull();
  expect(await calls.endingOf('CA1')).toBe('failed');
});

test('of the calls that are over the latest thousand are remembered', async () => {
  const calls = new Calls();
  const over = { ended: Promise.resolve('failed') } as unknown as Call;
  const running = { ended: never } as unknown as Call;
  calls.add('running', running);
  for (let index = 0; index < 1_001; index += 1) calls.add(`CA${index}`, over);
  await Promise.resolve();

  expect(calls.endingOf('CA0')).toBeUndefined();
  expect(calls.endingOf('CA1000')).toBeDefined();
  expect(calls.endingOf('running')).toBeDefined();
});

test('no goodbye is waited for without end', async () => {
  const calls = new Calls();
  calls.add('CA1', { ended: never, sayGoodbye: () => never } as unknown as Call);
  const closing = expect(calls.sayGoodbye()).rejects.toThrow('No answer within 20000 ms.');
  await vi.advanceTimersByTimeAsync(20_000);

  await closing;
});

test('a goodbye waits until Twilio was told what comes next, and not for long where it does not ask', async () => {
  const calls = new Calls();
  const ended = new Promise((resolve) => setTimeout(resolve, 100));
  const over = { ended, sayGoodbye: () => Promise.resolve() } as unknown as Call;
  for (const callSid of ['CA1', 'CA2']) calls.add(callSid, over);
  const closed = vi.fn();
  void calls.sayGoodbye().then(closed);
  await vi.advanceTimersByTimeAsync(100);
  calls.hasLeft('CA1');
  await vi.advanceTimersByTimeAsync(1_999);
  expect(closed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);

  expect(closed).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test('silence that has been ended counts no more, whatever breaks it', () => {
  const tooLong = vi.fn();
  const silence = new Silence(100, tooLong);
  silence.broken();
  silence.end();
  silence.broken();
  vi.advanceTimersByTime(1_000);

  expect(tooLong).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('a silence that ends itself while it is told stays ended', () => {
  const silence: Silence = new Silence(100, () => silence.end());
  silence.broken();
  vi.advanceTimersByTime(100);

  expect(vi.getTimerCount()).toBe(0);
});

test('a keypad that has been ended takes no key, and one that is never quiet is heard in pieces', () => {
  const typed = vi.fn();
  const keypad = new Keypad(typed);
  for (let key = 0; key < 33; key += 1) keypad.press('5');
  expect(typed.mock.calls).toEqual([['5'.repeat(32)]]);
  keypad.end();
  keypad.press('1');
  keypad.press('#');
  vi.advanceTimersByTime(10_000);

  expect(typed).toHaveBeenCalledOnce();
});
