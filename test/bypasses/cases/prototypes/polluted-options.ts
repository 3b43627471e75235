/** An option on `Object.prototype` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  Object.assign(Object.prototype, { override: ['user-speaking'] });
  session.respond('greeting', { whenBlocked: 'refuse' });
};
