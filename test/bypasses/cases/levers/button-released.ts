/** The button released that the program holds itself */
import type { Context } from '../../context.js';

export default async ({ open, begins }: Context) => {
  const { session } = await open({ purposes: ['greeting'] });
  session.userTurn('begins');
  begins();
  session.userTurn('ends');
  session.respond('greeting');
};
