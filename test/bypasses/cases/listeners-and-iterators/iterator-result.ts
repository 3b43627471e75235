/** A loop over the events that answers each */
import type { Context } from '../../context.js';

export default async ({ session, server }: Context) => {
  server.caller.presses('1');
  for await (const event of session.events()) {
    session.respond('greeting', { whenBlocked: 'refuse' });
    if (event.type !== 'error') return;
  }
};
