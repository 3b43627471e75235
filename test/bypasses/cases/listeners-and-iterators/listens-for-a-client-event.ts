/** A listener for the client's own event */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.on('response.create', () => undefined);
};
