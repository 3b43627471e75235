/** An interface that sends any `object` */
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const out: { send(event: object): void } = session;
  out.send({ type: 'response.create' });
};
