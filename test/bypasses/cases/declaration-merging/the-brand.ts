/** The brand of the capability declared anew */
import type { Respond } from 'gated-realtime';
import type { Context } from '../../context.js';

declare module 'gated-realtime' {
  const issuedBySession: unique symbol;
}

export default ({ session }: Context) => {
  const send = () => session.send({ type: 'response.create' } as never);
  const forged: Respond<'greeting'> = Object.assign(send, { issuedBySession: true });
  forged('greeting');
};
