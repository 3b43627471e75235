/** A method called by a name in a `string` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const method: string = 'send';
  (session as unknown as Record<string, Function>)[method]!({ type: 'response.create' });
};
