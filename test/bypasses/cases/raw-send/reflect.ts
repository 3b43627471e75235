/** `Reflect.apply()` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  Reflect.apply(session.send, session, [{ type: 'response.create' }]);
};
