/** An event of type `any` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event: any = { type: 'response.create' };
  session.send(event);
};
