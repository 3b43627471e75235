/** A function signed with the name of the brand */
import type { Respond, Verdict } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const send = (): Verdict => {
    session.send({ type: 'response.create' } as never);
    return undefined as unknown as Verdict;
  };
  const forged: Respond<'greeting'> = Object.assign(send, { issuedBySession: true });
  forged('greeting');
};
