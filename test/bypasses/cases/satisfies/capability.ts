/** A function that `satisfies Respond` */
import type { Respond, Verdict } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const respond = ((_purpose: 'greeting') => {
    session.send({ type: 'response.create' } as never);
    return undefined as unknown as Verdict;
  }) satisfies Respond<'greeting'>;
  respond('greeting');
};
