/** A cast through `unknown` */
import type { SendableEvent } from 'gated-realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  session.send({ type: 'response.create' } as unknown as SendableEvent);
};
