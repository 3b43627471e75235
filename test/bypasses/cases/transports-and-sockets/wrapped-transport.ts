/** A transport of one's own that keeps its line */
import { openSession, type Line } from 'gated-realtime';
import type { Context } from '../../context.js';

export default async ({ server, watch, callerSpeaks }: Context) => {
  let kept: Line | undefined;
  const session = await openSession({
    purposes: ['greeting'],
    clock: server.clock,
    transport: { open: async (ears, signal) => (kept = await server.transport.open(ears, signal)) },
  });
  watch(session);
  kept?.send(JSON.stringify({ type: 'response.create' }));
};
