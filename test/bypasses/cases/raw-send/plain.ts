/** `send()` of a plain `response.create` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'response.create' });
};
