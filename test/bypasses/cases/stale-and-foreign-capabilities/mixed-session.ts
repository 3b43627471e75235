/** A session put together from two */
import type { Context } from '../../context.js';

export default ({ session, other }: Context) => {
  const mixed = { ...session, respond: other.respond };
  mixed.respond('greeting');
};
