/** A model that is asked again and again without the caller */
import type { Context } from '../../context.js';

export default async ({ open, begins }: Context) => {
  const { session } = await open({ purposes: ['greeting'] });
  for (let count = 0; count < 5; count++) await session.respond('greeting').done;
  begins();
  session.respond('greeting');
};
