/** A key in a `string` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const key: string = 'type';
  session.send({ [key]: 'response.create' });
};
