/** A purpose that is an object */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond(new Proxy(new String('greeting'), {}) as unknown as 'greeting');
};
