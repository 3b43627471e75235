/** A timer that fires after `close()` */
import type { Context } from '../../context.js';

export default async ({ session, wait }: Context) => {
  const later = wait(500).then(() => session.respond('greeting'));
  await session.close();
  await later;
};
