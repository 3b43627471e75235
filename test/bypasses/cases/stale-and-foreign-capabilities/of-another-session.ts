/** The capability of another session */
import type { Respond } from 'gated-realtime';
import type { Context } from '../../context.js';

const greet = (respond: Respond<'greeting'>) => respond('greeting');

export default ({ other }: Context) => {
  greet(other.respond);
};
