/** `structuredClone()` of one */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send(structuredClone({ type: 'response.create' } as const));
};
