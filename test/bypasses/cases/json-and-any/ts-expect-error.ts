/** `@ts-expect-error` above the call */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  // @ts-expect-error
  session.respond('advertisement');
};
