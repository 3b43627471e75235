/** Arguments spread from a list */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const args = [{ type: 'response.create' }] as const;
  session.send(...args);
};
