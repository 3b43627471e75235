/** A last word once `closed` has resolved */
import type { Context } from '../../context.js';

export default async ({ session }: Context) => {
  const last = session.closed.then(() => session.respond('greeting'));
  await session.close();
  await last;
};
