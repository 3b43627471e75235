/** A name put together from a template */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const verb = 'create';
  session.send({ type: `response.${verb}` });
};
