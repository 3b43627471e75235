/** A request that is withdrawn and aborted, and asked again */
import type { Context } from '../../context.js';

export default async ({ session, wait }: Context) => {
  const abort = new AbortController();
  session.respond('greeting', { signal: abort.signal });
  abort.abort();
  await wait(50);
  session.respond('greeting', { signal: abort.signal });
};
