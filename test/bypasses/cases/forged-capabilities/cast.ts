/** A function of one's own, cast to `Respond` */
import type { Respond } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const forged = ((purpose: string) => session.send({ type: purpose } as never)) as unknown as Respond<string>;
  forged('response.create');
};
