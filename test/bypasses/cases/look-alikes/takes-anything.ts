/** An interface that sends whatever it is given */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const out: { send(...args: any[]): void } = session;
  out.send({ type: 'response.create' });
};
