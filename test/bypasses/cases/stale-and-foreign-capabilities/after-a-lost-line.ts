/** A capability of a session whose line is lost */
import type { Context } from '../../context.js';

export default async ({ session, server, wait }: Context) => {
  server.drop();
  await wait(50);
  session.respond('greeting');
};
