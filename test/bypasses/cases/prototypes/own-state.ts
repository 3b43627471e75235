/** A state of one's own that is put onto the session */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  Object.defineProperty(session, 'state', { value: { ...session.state, shut: [] } });
  session.respond('greeting', { whenBlocked: 'refuse' });
};
