/** `respond.call()` on another session */
import type { Context } from '../../context.js';

export default ({ session, other }: Context) => {
  other.respond.call(session, 'greeting');
};
