/** A request while the server has not confirmed an update */
import type { Context } from '../../context.js';

export default async ({ open, begins }: Context) => {
  const { session } = await open({ purposes: ['greeting'] });
  begins();
  void session.update({ session: { instructions: 'Be brief.' } });
  session.respond('greeting', { whenBlocked: 'refuse' });
};
