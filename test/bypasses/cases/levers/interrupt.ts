/** `interrupt: true` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting', { interrupt: true });
};
