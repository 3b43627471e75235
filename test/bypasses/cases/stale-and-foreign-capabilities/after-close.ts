/** A capability that is kept beyond `close()` */
import type { Context } from '../../context.js';

export default async ({ session: { respond, close } }: Context) => {
  await close();
  respond('greeting');
};
