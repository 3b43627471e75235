/** A timer that calls `send` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  setTimeout(session.send, 0, { type: 'response.create' });
};
