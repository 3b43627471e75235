/** A session among the values of a map of clients */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  const clients = new Map<string, { send(event: RealtimeClientEvent): void }>();
  clients.set('call', session);
  clients.get('call')?.send({ type: 'response.create' });
};
