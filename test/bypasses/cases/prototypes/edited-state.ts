/** A state that is edited */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.state.user.voice = 'silent';
  session.reconsider();
  session.respond('greeting', { whenBlocked: 'refuse' });
};
