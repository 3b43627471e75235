/** An interface that sends `unknown` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const out: { send(event: unknown): void } = session;
  out.send({ type: 'response.create' });
};
