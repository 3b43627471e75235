/** The socket among the handles of the process */
import type { Socket } from 'node:net';
import { openSession } from 'gated-realtime/ws';
import type { Context } from '../../context.js';

const frameOf = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

export default async ({ listen, watch }: Context) => {
  const { url, port } = await listen();
  const session = await openSession({ model: 'gpt-realtime-2.1', url, apiKey: 'simulated' });
  watch(session);
  const handles = (): Socket[] => (process as any)._getActiveHandles();
  let socket: Socket | undefined;
  // Node lists a socket while it reads.
  while (!(socket = handles().find(({ remotePort }) => remotePort === port))) await new Promise(setImmediate);
  socket.write(frameOf(JSON.stringify({ type: 'response.create' })));
  await session.once('response.created');
  await session.close();
};
