/** An option `force` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting', { force: true });
};
