/** The session's socket, by its usual name */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.socket.send(JSON.stringify({ type: 'response.create' }));
};
