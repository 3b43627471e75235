/** A session that `satisfies` a raw client */
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { Context } from '../../context.js';

export default ({ session }: Context) => {
  (session satisfies { send(event: RealtimeClientEvent): void }).send({ type: 'response.create' });
};
