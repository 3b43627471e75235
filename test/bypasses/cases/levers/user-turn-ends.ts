/** `userTurn('ends')` while the server hears the caller */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.userTurn('ends');
  session.respond('greeting', { whenBlocked: 'refuse' });
};
