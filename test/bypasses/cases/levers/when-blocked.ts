/** `whenBlocked` with a word of one's own */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting', { whenBlocked: 'send' });
};
