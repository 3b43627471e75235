/** `update()` with the name of another event */
import type { Context } from '../../context.js';

export default async ({ session }: Context) => {
  await session.update({ session: { type: 'response.create' } });
};
