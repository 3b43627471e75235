/** A type guard that lies */
import type { SendableEvent } from 'gated-realtime';
import type { Context } from '../../context.js';

const isSendable = (event: { type: string }): event is SendableEvent => event.type !== '';

export default ({ session }: Context) => {
  const event = { type: 'response.create' };
  if (isSendable(event)) session.send(event);
};
