/** A capability that leaves the block of `await using` */
import type { Context } from '../../context.js';

export default async ({ open }: Context) => {
  const kept = await (async () => {
    await using session = (await open({ purposes: ['greeting'] })).session;
    return session.respond;
  })();
  kept('greeting');
};
