/** `next()` of the iterator, given an event to send */
import type { Context } from '../../context.js';

export default async ({ session, server }: Context) => {
  const events = session.events();
  server.caller.presses('1');
  await events.next({ type: 'response.create' });
};
