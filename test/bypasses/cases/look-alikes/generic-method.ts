/** An interface whose `send` is generic as well */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

interface GenericClient {
  send<Event extends RealtimeClientEvent>(event: Event): void;
}

export default ({ session }: Context) => {
  const client: GenericClient = session;
  client.send({ type: 'response.create' });
};
