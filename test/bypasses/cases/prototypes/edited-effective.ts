/** The server's session, edited */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  Object.assign(session.effective, { audio: { input: { turn_detection: null } } });
  session.respond('greeting', { whenBlocked: 'refuse' });
};
