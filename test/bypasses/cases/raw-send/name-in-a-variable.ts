/** The name of the event in a `string` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const type: string = 'response.create';
  session.send({ type });
};
