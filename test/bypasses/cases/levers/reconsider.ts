/** `reconsider()` again and again */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting');
  for (let count = 0; count < 100; count++) session.reconsider();
};
