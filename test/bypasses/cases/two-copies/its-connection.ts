/** A connection of the other copy to the same server */
import { openSession } from 'gated-realtime-copy';
import type { Context } from '../../context.js';

export default async ({ server, watch, wait }: Context) => {
  // The caller is heard by the connection that has been open longest.
  server.drop();
  const session = await openSession({ transport: server.transport, clock: server.clock, purposes: ['greeting'] });
  watch(session as never);
  server.caller.begins();
  await wait(100);
  session.respond('greeting', { whenBlocked: 'refuse' });
};
