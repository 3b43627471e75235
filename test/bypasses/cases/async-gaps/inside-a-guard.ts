/** A request from inside a guard */
import type { Context } from '../../context.js';

export default async ({ open, session: busy, begins }: Context) => {
  const { session } = await open({
    purposes: ['greeting'],
    guards: { 'speaks-itself': (asked) => (asked as typeof busy).respond('greeting').kind !== 'admit' },
  });
  begins();
  session.respond('greeting');
};
