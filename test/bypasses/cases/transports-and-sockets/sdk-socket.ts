/** The SDK's own socket, beside the session */
import { connect } from 'node:net';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import type { Context } from '../../context.js';

export default async ({ listen }: Context) => {
  const { port } = await listen();
  const client = new OpenAI({ apiKey: 'simulated', baseURL: `https://127.0.0.1:${port}/v1` });
  const options = { createConnection: () => connect(port, '127.0.0.1') };
  const socket = new OpenAIRealtimeWS({ model: 'gpt-realtime-2.1', options }, client);
  await new Promise((resolve) => socket.on('session.created', resolve));
  socket.send({ type: 'response.create' });
  await new Promise((resolve) => socket.on('response.created', resolve));
  socket.close();
};
