/** The guard overridden by its name */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.respond('greeting', { override: ['user-speaking'] });
};
