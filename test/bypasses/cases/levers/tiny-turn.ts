/** A limit after which a turn counts as over */
import type { Context } from '../../context.js';

export default async ({ open, callerSpeaks, wait }: Context) => {
  const { session, server } = await open({ purposes: ['greeting'], limits: { turnMs: 1 } });
  server.caller.begins();
  await wait(500);
  session.respond('greeting');
};
