/** Two requests in one turn of the event loop */
import type { Context } from '../../context.js';

export default async ({ open, begins }: Context) => {
  const { session } = await open({ purposes: ['greeting'] });
  session.respond('greeting');
  begins();
  session.respond('greeting', { whenBlocked: 'refuse' });
};
