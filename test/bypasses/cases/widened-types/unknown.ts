/** An event of type `unknown` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event: unknown = { type: 'response.create' };
  session.send(event);
};
