/** A guard that answers with a promise */
import type { Context } from '../../context.js';

export default async ({ open, begins }: Context) => {
  const { session } = await open({ purposes: ['greeting'], guards: { 'after-hours': async () => false } });
  begins();
  session.respond('greeting');
};
