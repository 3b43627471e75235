/** A second connection to the call's server, by a socket of somebody's own */
import WebSocket from 'ws';
import type { Context } from '../context.js';

export default async ({ listen }: Context) => {
  const { url } = await listen();
  const socket = new WebSocket(`${url}?model=gpt-realtime-2.1`);
  await new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ type: 'response.create' }));
  await new Promise((resolve) => socket.once('message', resolve));
  socket.close();
};
