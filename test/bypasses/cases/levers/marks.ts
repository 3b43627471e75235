/** Marks of speech that nobody has heard */
import type { Context } from '../../context.js';

export default async ({ open, begins, wait }: Context) => {
  const { session, server } = await open({ purposes: ['greeting'], playback: { waits: true } });
  server.says('We have roses, tulips and lilies.', { ms: 4_000 });
  await session.respond('greeting').done;
  begins();
  session.heard({ itemId: 'item_of_nobody', ms: 1_000_000 });
  await wait(50);
  session.respond('greeting', { whenBlocked: 'refuse' });
};
