/**
 * A sideband connection to a running call through the official client: real sockets, and the client's own address.
 */
import { connect as dial } from 'node:net';
import OpenAI from 'openai';
import { onTestFinished, expect, describe, test } from 'vitest';
import { listen } from '../../src/simulator/index.js';
import { openSession } from '../../src/ws.js';

const callId = 'rtc_42';

/** A client of the SDK whose HTTP requests are recorded instead of sent. */
async function throughClient(plan: { readonly hangUp?: () => Promise<void> } = {}, status = 200) {
  const server = await listen({ media: 'webrtc', pace: 50 });
  const requests: string[] = [];
  const client = new OpenAI({
    apiKey: 'sk-test',
    maxRetries: 0,
    fetch: (url, init) => {
      requests.push(`${init?.method ?? 'get'} ${new URL(String(url instanceof Request ? url.url : url)).pathname}`);
      return Promise.resolve(new Response(status === 200 ? null : '{"error":{"message":"no"}}', { status }));
    },
  });
  const port = Number(new URL(server.url).port);
  // The SDK insists on `wss:`, so a plain connection to this server replaces the encrypted one.
  const ws = { createConnection: () => dial(port, '127.0.0.1') };
  const session = await openSession({ callId, client, ws, purposes: [], ...plan });
  onTestFinished(async () => {
    await session.close();
    await server.close();
  });
  const faults: Error[] = [];
  session.on('fault', (error) => faults.push(error));
  return { server, session, requests, faults };
}

describe('hangup() on a sideband through a client', () => {
  test('ends the call by the SDK’s calls.hangup, once the farewell has been heard', async () => {
    const { server, session, requests } = await throughClient();
    server.says('Goodbye.', { ms: 1_000 });
    const before = new Promise<number>((resolve) => {
      session.on('output_audio_buffer.stopped', () => resolve(requests.length));
    });
    expect(await session.hangup({ farewell: { instructions: 'Bye.' } })).toEqual({
      kind: 'hung-up',
      farewell: 'heard',
    });
    expect(await before).toBe(0);
    expect(requests).toEqual([`POST /v1/realtime/calls/${callId}/hangup`]);
  });

  test('leaves that to the plan, if it says how', async () => {
    let hangUps = 0;
    const { session, requests } = await throughClient({ hangUp: () => Promise.resolve(void hangUps++) });
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none' });
    expect([requests, hangUps]).toEqual([[], 1]);
  });

  test('that the API refuses is a fault, and the session still ends', async () => {
    const { session, faults } = await throughClient({}, 404);
    expect(await session.hangup()).toEqual({ kind: 'hung-up', farewell: 'none', leg: 'failed' });
    expect(faults).toHaveLength(1);
  });
});
