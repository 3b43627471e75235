import { connect as connectTo } from 'node:net';
import OpenAI from 'openai';
import { WebSocket } from 'ws';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSession } from '../../src/index.js';
import { createSimulator, listen, type Faults, type Refusal } from '../../src/simulator/index.js';
import { openSession as openByPlatform } from '../../src/websocket.js';
import { openSession as openByWs } from '../../src/ws.js';
import type { Transport } from '../../types/index.js';

/** A simulator whose transport counts its dials, and asks for a key at each, or not. */
function dialling(faults: Partial<Faults>, credentials?: Transport['credentials']) {
  const simulator = createSimulator({ faults });
  let dials = 0;
  const transport: Transport = {
    open: (ears, signal) => (dials++, simulator.transport.open(ears, signal)),
    ...(credentials && { credentials }),
  };
  return { simulator, options: { transport, clock: simulator.clock }, dials: () => dials };
}
const next = (by: Refusal, count = 1): Partial<Faults> => ({ refusal: { next: count, by } });

describe('a key that is refused at the first dial', () => {
  it.each(['http401', 'invalid_api_key', 3000] as const)('by %s is asked for once more', async (by) => {
    const { options, dials, simulator } = dialling(next(by), 'renewed');
    const session = await openSession(options);
    expect([session.state.connection, dials(), simulator.server.connections.length]).toEqual(['open', 2, 1]);
    await session.close();
  });

  it.each(['http401', 'invalid_api_key'] as const)('by %s twice is final', async (by) => {
    const { options, dials } = dialling(next(by, 2), 'renewed');
    await expect(openSession(options)).rejects.toMatchObject({ failure: { kind: 'refused', code: 'invalid_api_key' } });
    expect(dials()).toBe(2);
  });

  it('is final at once where it stays the same', async () => {
    const { options, dials } = dialling(next('http401'));
    await expect(openSession(options)).rejects.toMatchObject({ failure: { status: 401 } });
    expect(dials()).toBe(1);
  });

  it.each(['http403', 'invalid_model', 'http503'] as const)('is not what %s means', async (by) => {
    const { options, dials } = dialling(next(by), 'renewed');
    await expect(openSession(options)).rejects.toMatchObject({ failure: { kind: 'refused' } });
    expect(dials()).toBe(1);
  });

  it('is refused by a close code alone as well', async () => {
    const { options, dials, simulator } = dialling({}, 'renewed');
    const { open } = options.transport;
    const transport: Transport = {
      ...options.transport,
      async open(ears, signal) {
        if (dials() > 0) return open(ears, signal);
        const line = await open({ ...ears, frame: () => undefined, gone: () => undefined }, signal);
        ears.gone({ code: 3000, reason: '' });
        return line;
      },
    };
    const session = await openSession({ ...options, transport });
    expect([dials(), simulator.server.connections.length]).toEqual([2, 1]);
    await session.close();
  });

  it('is asked for within the same time', async () => {
    const refusal = { next: 2, by: 'http401', afterMs: 400 } as const;
    const { options, dials, simulator } = dialling({ refusal }, 'renewed');
    const opening = openSession({ ...options, timeoutMs: 600 });
    await expect(opening).rejects.toMatchObject({ failure: { kind: 'timeout' } });
    expect([dials(), simulator.clock.now()]).toEqual([2, 600]);
  });

  it('is not asked for any more once the connection is called off', async () => {
    const abort = new AbortController();
    const { options, dials } = dialling(next('http401'), 'renewed');
    const { open } = options.transport;
    const transport: Transport = {
      ...options.transport,
      open: (ears, signal) =>
        open(ears, signal).catch((error: unknown) => {
          abort.abort();
          throw error;
        }),
    };
    const opening = openSession({ ...options, transport, signal: abort.signal });
    await expect(opening).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    expect(dials()).toBe(1);
  });
});

describe('a key that is refused when a connection is replaced', () => {
  async function lost(faults: Partial<Faults>, credentials?: Transport['credentials']) {
    const made = dialling({}, credentials);
    const session = await openSession({ ...made.options, reconnect: {} });
    const told: string[] = [];
    session.on('back', () => told.push('back'));
    session.on('fault', ({ message }) => told.push(message));
    made.simulator.misbehaves(faults);
    made.simulator.drop();
    await Promise.race([new Promise((back) => void session.on('back', back)), session.closed]);
    return { ...made, session, told };
  }

  it.each(['http401', 'invalid_api_key', 3000] as const)('by %s is asked for once more', async (by) => {
    const { dials, told, session } = await lost(next(by), 'renewed');
    expect([told, dials()]).toEqual([['back'], 3]);
    await session.close();
  });

  it('twice is final', async () => {
    const { dials, session } = await lost(next('http401', 2), 'renewed');
    expect([dials(), (await session.closed).kind]).toEqual([3, 'lost']);
  });

  it('is final at once where it stays the same', async () => {
    const { dials, session } = await lost(next('http401'));
    expect([dials(), (await session.closed).kind]).toEqual([2, 'lost']);
  });
});

describe('a function that gives the key', () => {
  /** A server that takes one key; what asks for keys gets that one the second time. */
  async function keyed() {
    const server = await listen({ apiKeys: ['sk-right-right-right'] });
    onTestFinished(() => server.close());
    let asked = 0;
    const apiKey = async () => (++asked === 1 ? 'sk-wrong-wrong-wrong' : 'sk-right-right-right');
    return { server, apiKey, asked: () => asked };
  }

  it('is asked once more by a WebSocket of the platform', async () => {
    const { server, apiKey, asked } = await keyed();
    const session = await openByPlatform({ model: 'gpt-realtime', url: server.url, apiKey, WebSocket });
    expect(asked()).toBe(2);
    await session.close();
  });

  it('is asked once more through the official client', async () => {
    const { server, apiKey, asked } = await keyed();
    const client = new OpenAI({ apiKey });
    const ws = { createConnection: () => connectTo(server.port, '127.0.0.1') };
    const session = await openByWs({ model: 'gpt-realtime', client, ws });
    expect(asked()).toBe(2);
    await session.close();
  });
});
