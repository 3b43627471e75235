/** A response that is cancelled in a listener, for one of one's own */
import type { Context } from '../../context.js';

export default async ({ open, callerSpeaks, wait }: Context) => {
  const { session, server } = await open({ purposes: ['greeting'] });
  session.on('response', (response) => {
    response.cancel();
    session.respond('greeting', { whenBlocked: 'refuse' });
  });
  await callerSpeaks({ session, server });
  server.caller.ends('I would like');
  await wait(1_000);
};
