/** A type argument that names the event */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send<'response.create'>({ type: 'response.create' });
};
