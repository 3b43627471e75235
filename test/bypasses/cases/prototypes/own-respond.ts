/** A `respond` that is put onto the session */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const { send } = session;
  session.respond = () => send({ type: 'response.create' });
  session.respond('greeting');
};
