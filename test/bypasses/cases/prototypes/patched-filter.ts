/** `Array.prototype.filter()`, patched so that no guard is shut */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const filter = Array.prototype.filter;
  Array.prototype.filter = function (this: any[], ...args: any[]): any {
    const kept = Reflect.apply(filter, this, args);
    return kept[0]?.name === 'user-speaking' ? [] : kept;
  };
  session.respond('greeting', { whenBlocked: 'refuse' });
  Array.prototype.filter = filter;
};
