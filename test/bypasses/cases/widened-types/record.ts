/** An event of type `Record<string, unknown>` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event: Record<string, unknown> = { type: 'response.create' };
  session.send(event);
};
