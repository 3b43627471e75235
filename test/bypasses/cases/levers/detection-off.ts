/** Turn detection switched off while the caller speaks */
import type { Context } from '../../context.js';

export default async ({ session }: Context) => {
  await session.update({ session: { audio: { input: { turn_detection: null } } } });
  session.respond('greeting', { whenBlocked: 'refuse' });
};
