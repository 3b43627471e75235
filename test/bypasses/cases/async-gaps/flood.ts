/** More requests than may wait */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  for (let count = 0; count < 20; count++) session.respond('greeting');
};
