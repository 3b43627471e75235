/** An interface that sends any `{ type: string }` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const out: { send(event: { type: string }): void } = session;
  out.send({ type: 'response.create' });
};
