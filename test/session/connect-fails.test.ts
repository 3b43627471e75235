import { describe, expect, it } from 'vitest';
import { ConnectError, MisuseError } from '../../src/errors.js';
import { connect } from '../../src/session/connect.js';
import { virtualClock } from '../../src/simulator/clock.js';
import type { Ears, Line, Transport } from '../../types/index.js';
import { rejection, settles } from './by-hand.js';

const SECRET = 'azure-0123456789abcdef';
const refusal = JSON.stringify({
  type: 'error',
  error: { type: 'invalid_request_error', code: 'invalid_api_key', message: `Incorrect API key provided: ${SECRET}.` },
});

/** A line that counts its closes, which never end. */
const stuckLine = (): Line & { closed: number } => {
  const line = {
    closed: 0,
    secrets: [SECRET],
    send: () => undefined,
    close: () => void line.closed++,
  };
  return line;
};

describe('a connect() that fails', () => {
  it('without a greeting leaves no timer, even if closing its transport never ends', async () => {
    const clock = virtualClock();
    const line = stuckLine();
    const connecting = connect({ transport: { open: () => Promise.resolve(line) }, clock, timeoutMs: 300 });
    await settles();
    clock.advance(300);
    expect((await rejection(connecting)).failure).toEqual({ kind: 'timeout', afterMs: 300 });
    await settles();
    expect([line.closed, clock.pending, clock.advance(120_000), clock.pending]).toEqual([1, 0, undefined, 0]);
  });

  it('by a refusal after the line was there leaves no timer', async () => {
    const clock = virtualClock();
    const line = stuckLine();
    const ears: Ears[] = [];
    const open = (given: Ears): Promise<Line> => (ears.push(given), Promise.resolve(line));
    const connecting = connect({ transport: { open }, clock });
    await settles();
    ears[0]?.frame(refusal);
    const error = await rejection(connecting);
    expect(error.message).toContain('Incorrect API key provided: [hidden]');
    await settles();
    expect([line.closed, clock.pending]).toEqual([1, 0]);
  });
});

describe('a refusal that comes before there is a line', () => {
  it('is told in the words of the server once the secrets of the line are known', async () => {
    const clock = virtualClock();
    const open = (ears: Ears): Promise<Line> => (ears.frame(refusal), Promise.resolve(stuckLine()));
    const error = await rejection(connect({ transport: { open }, clock }));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error.failure.code).toBe('invalid_api_key');
    expect(error.message).toContain('Incorrect API key provided: [hidden]. Check the API key.');
    expect(JSON.stringify([error.message, error.failure])).not.toContain(SECRET);
  });

  it.each<[string, (ears: Ears) => Promise<Line>, number]>([
    ['rejects', () => Promise.reject(new Error('closed')), 0],
    ['never ends', () => new Promise(() => undefined), 10_000],
    ['is closed', (ears) => (ears.gone({ code: 1000, reason: '' }), new Promise(() => undefined)), 0],
  ])('is told by its code, without words that may hold a secret, where the opening %s', async (_, then, ms) => {
    const clock = virtualClock();
    const open = (ears: Ears): Promise<Line> => (ears.frame(refusal), then(ears));
    const rejected = rejection(connect({ transport: { open }, clock }));
    await settles();
    clock.advance(ms);
    const error = await rejected;
    expect(error.failure).toMatchObject({ kind: 'refused', code: 'invalid_api_key' });
    expect(error.message).toContain('Check the API key.');
    expect(error.message).not.toContain(SECRET);
  });
});

describe('a transport whose open() gives no line', () => {
  it.each([[null], [undefined], [{}], [{ send: () => undefined }], ['line']])(
    'is misuse that says so: %j',
    async (line) => {
      const transport = { open: () => Promise.resolve(line) } as never as Transport;
      const error = await rejection(connect({ transport, clock: virtualClock() }));
      expect(error).toBeInstanceOf(MisuseError);
      expect(error.message).toMatch(/open\(\) of the transport gave no line/);
    },
  );
});
