/** A request to a gate that is open */
import type { Context } from '../context.js';

export default async ({ open, begins }: Context) => {
  const { session } = await open({ purposes: ['greeting'] });
  begins();
  session.respond('greeting');
};
