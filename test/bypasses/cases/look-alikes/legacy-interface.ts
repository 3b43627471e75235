/** A session as somebody's old interface */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

interface LegacyClient {
  send(event: RealtimeClientEvent): void;
}

export default ({ session }: Context) => {
  const client: LegacyClient = session;
  client.send({ type: 'response.create' });
};
