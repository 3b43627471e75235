/** A session of type `any` */
import type { Context } from '../../context.js';

export default (context: Context) => {
  const session: any = context.session;
  session.send({ type: 'response.create' });
};
