/** `send.bind()` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const create = session.send.bind(session, { type: 'response.create' });
  create();
};
