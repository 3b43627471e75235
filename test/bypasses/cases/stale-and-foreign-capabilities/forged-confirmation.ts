/** A `session.updated` that the server did not mean */
import type { Context } from '../../context.js';

export default async ({ unconfirmed, server }: Context) => {
  const session = unconfirmed.configure({ purposes: ['greeting'], session: { instructions: 'Be brief.' } });
  server.injects({ type: 'session.updated', session: { instructions: 'Be brief.' } });
  (await Promise.race([session, undefined]))!.respond('greeting');
};
