/** A name that is inherited */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send(Object.create({ type: 'response.create' }));
};
