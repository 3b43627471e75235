/** `send.call()` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send.call(session, { type: 'response.create' });
};
