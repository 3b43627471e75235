/** A name in other letters */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'Response.Create' });
};
