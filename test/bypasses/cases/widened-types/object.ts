/** An event of type `object` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event: object = { type: 'response.create' };
  session.send(event);
};
