/** `send` as a `Function` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const write: Function = session.send;
  write({ type: 'response.create' });
};
