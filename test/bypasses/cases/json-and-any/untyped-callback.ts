/** A callback whose parameters are `any` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const outbox: any[] = [{ type: 'response.create' }];
  outbox.forEach((event) => session.send(event));
};
