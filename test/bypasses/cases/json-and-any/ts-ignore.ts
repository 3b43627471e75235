/** `@ts-ignore` above the call */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  // @ts-ignore
  session.send({ type: 'response.create' });
};
