/** `Object.fromEntries()` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send(Object.fromEntries([['type', 'response.create']]));
};
