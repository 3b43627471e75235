/** A listener that sends */
import type { Context } from '../../context.js';

export default ({ session, server }: Context) => {
  session.on('event', () => session.send({ type: 'response.create' }));
  server.caller.presses('1');
};
