/** A variable of the type of `send`'s parameter */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event: Parameters<typeof session.send>[0] = { type: 'response.create' };
  session.send(event);
};
