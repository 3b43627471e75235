/** A function of one's own as a `Respond` */
import type { Respond, Verdict } from 'gated-realtime';
import type { Context } from '../../context.js';

const greet = (respond: Respond<'greeting'>): Verdict => respond('greeting');

export default ({ session }: Context) => {
  greet(() => {
    session.send({ type: 'response.create' } as never);
    return undefined as unknown as Verdict;
  });
};
