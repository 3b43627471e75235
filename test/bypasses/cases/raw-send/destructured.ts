/** `send` taken off the session */
import type { Context } from '../../context.js';

export default ({ session: { send } }: Context) => {
  send({ type: 'response.create' });
};
