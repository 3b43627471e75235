/** A request from a listener of its own signal */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const abort = new AbortController();
  session.respond('greeting', { signal: abort.signal });
  abort.signal.addEventListener('abort', () => session.respond('nudge', { whenBlocked: 'refuse' }));
  abort.abort();
};
