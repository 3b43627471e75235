/** `Map.prototype.get()`, patched */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const get = Map.prototype.get;
  Map.prototype.get = function (this: Map<unknown, unknown>, key: unknown) {
    return key === 'response.create' ? undefined : get.call(this, key);
  };
  session.send({ type: 'response.create' } as never);
  Map.prototype.get = get;
};
