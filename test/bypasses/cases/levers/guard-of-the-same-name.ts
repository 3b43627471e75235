/** A guard of one's own with the name of a built-in one */
import type { Context } from '../../context.js';

export default async ({ unconfirmed, watch }: Context) => {
  const session = await unconfirmed.configure({ purposes: ['greeting'], guards: { 'user-speaking': () => false } });
  watch(session);
  session.respond('greeting');
};
