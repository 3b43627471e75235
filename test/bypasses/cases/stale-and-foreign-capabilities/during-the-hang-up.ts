/** A capability that is kept beyond `hangup()` */
import type { Context } from '../../context.js';

export default async ({ open, begins, wait }: Context) => {
  const { session, server } = await open({ purposes: ['greeting'] });
  server.says('Thank you for calling, and goodbye.');
  void session.hangup({ farewell: { instructions: 'Say goodbye.' } });
  await wait(50);
  begins();
  session.respond('greeting');
};
