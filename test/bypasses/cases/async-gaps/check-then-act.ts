/** A look at the state, some time, and then a request */
import type { Context } from '../../context.js';

export default async ({ open, callerSpeaks }: Context) => {
  const { session, server } = await open({ purposes: ['greeting'] });
  const isQuiet = session.state.shut.length === 0;
  await callerSpeaks({ session, server });
  if (isQuiet) session.respond('greeting', { whenBlocked: 'refuse' });
};
