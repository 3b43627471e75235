/** A cast to `never` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'response.create' } as never);
};
