/** A second `configure()` with more purposes */
import type { Context } from '../../context.js';

export default async ({ unconfirmed, watch }: Context) => {
  watch(await unconfirmed.configure({ purposes: ['greeting'] }));
  const again = await unconfirmed.configure({ purposes: ['advertisement'] });
  again.respond('advertisement');
};
