/** An interface with an overload for `response.create` */
import type { SendableEvent } from 'gated-realtime';
import type { Context } from '../../context.js';

interface Overloaded {
  send(event: SendableEvent): void;
  send(event: { type: 'response.create' }): void;
}

export default ({ session }: Context) => {
  const client: Overloaded = session;
  client.send({ type: 'response.create' });
};
