/** A purpose that was not declared */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('advertisement');
};
