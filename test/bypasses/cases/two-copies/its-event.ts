/** An event of the other copy's types */
import type { SendableEvent } from 'gated-realtime-copy';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const event: SendableEvent = { type: 'response.create' };
  session.send(event);
};
