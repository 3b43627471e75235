/** A request that is admitted, and its frame once more over a line of somebody's own */
import { openSession, type Line } from 'gated-realtime';
import type { Context } from '../context.js';

export default async ({ open, watch, begins }: Context) => {
  const { server } = await open({});
  let line: Line | undefined;
  const session = await openSession({
    clock: server.clock,
    transport: { open: async (ears, signal) => (line = await server.transport.open(ears, signal)) },
  });
  watch(session);
  begins();
  session.respond('greeting');
  line?.send(JSON.stringify(server.received.at(-1)));
};
