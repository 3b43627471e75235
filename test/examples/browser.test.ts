import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { FastifyInstance } from 'fastify';
import { createApp } from '../../examples/browser/app.js';
import { openConversation } from '../../examples/browser/page/conversation.js';
import { listen, type SimulatedSocket } from '../../src/simulator/index.js';

const apiKey = 'sk-the-server-alone-knows';
const model = 'gpt-realtime-2.1';

let openai: SimulatedSocket;
let app: FastifyInstance;
let site: string;
const frames: Record<string, any>[] = [];

beforeEach(async () => {
  frames.length = 0;
  openai = await listen({
    apiKeys: [apiKey],
    speed: Infinity,
    onFrame: ({ direction, text }) => direction === 'received' && frames.push(JSON.parse(text) as never),
  });
  const baseURL = openai.url.replace(/^ws/, 'http').replace(/\/realtime$/, '');
  app = await createApp({ client: new OpenAI({ baseURL, apiKey }), model, url: openai.url, logLevel: 'silent' });
  site = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await app.close();
  await openai.close();
});

describe('a page that talks', () => {
  test('opens a session with a key of its own, and the guide says hello', async () => {
    const session = await openConversation({ model, keys: `${site}/realtime-key`, url: openai.url, WebSocket });
    let heard = 0;
    session.on('audio', ({ bytes }) => (heard += bytes.length));
    const { response } = await session.once('response.done');
    expect(response.status).toBe('completed');
    expect(heard).toBeGreaterThan(0);
    await session.close();
  });

  test('gets a key that brings the plan’s settings, before anything is configured', async () => {
    const session = await openConversation({ model, keys: `${site}/realtime-key`, url: openai.url, WebSocket });
    await session.close();
    expect(frames[0]).toMatchObject({
      type: 'session.created',
      session: { model, instructions: expect.stringContaining('museum of clocks') },
    });
  });

  test('never sees the API key', async () => {
    const answers = await Promise.all([
      fetch(`${site}/`),
      fetch(`${site}/page.js`),
      fetch(`${site}/realtime-key`, { method: 'POST' }),
    ]);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts[2]).toMatch(/^ek_/);
    expect(texts.join()).not.toContain(apiKey);
  });

  test('says so where no key is made', async () => {
    openai.misbehaves({ refusal: 'insufficient_quota' });
    const opening = openConversation({ model, keys: `${site}/realtime-key`, url: openai.url, WebSocket });
    await expect(opening).rejects.toThrow(/`apiKey` gave no key: HTTP (?:429|500)/);
  });
});
